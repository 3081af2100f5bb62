import { describe, expect, it } from 'vitest'
import { nodeProblem } from './node-version.ts'

describe('the Node version', () => {
  it('is asked before an older one could end without a word', () => {
    expect(nodeProblem('v20.20.2')).toMatch(/needs Node 24 or newer, and this is v20\.20\.2.*npm start/)
    expect(nodeProblem('v24.0.0')).toBeNull()
    expect(nodeProblem('v25.1.0')).toBeNull()
    expect(nodeProblem('nonsense')).not.toBeNull()
  })
})
