import { expect, it } from 'vitest'
import { judgeLayers } from './layers.ts'

const report = (totalCruised: number, violations: unknown[] = []) => ({
  stdout: JSON.stringify({ summary: { totalCruised, violations } }),
  output: 'whatever the cruiser said',
})

it('passes when enough modules were read and none breaks a rule', () => {
  expect(judgeLayers(report(500))).toEqual({ ok: true, output: '' })
})

it('fails when no modules were read, though the cruiser is content', () => {
  expect(judgeLayers(report(0))).toEqual({ ok: false, output: 'only 0 modules were read: the layers were not checked' })
})

it('names each broken rule with both ends', () => {
  const violation = { rule: { name: 'domain-is-pure' }, from: 'domain/a.ts', to: 'fs' }
  expect(judgeLayers(report(500, [violation])).output).toBe('domain-is-pure: domain/a.ts → fs')
})

it('fails with what was said when there is no report', () => {
  expect(judgeLayers({ stdout: '', output: 'cannot start' })).toEqual({ ok: false, output: 'cannot start' })
})
