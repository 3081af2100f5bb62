import { expect, it } from 'vitest'
import { refusalCodes } from '../../domain/rpc/quotes.ts'
import { problemWords, whatToDo } from './refusals.ts'

it.each(refusalCodes)('a change refused as %s says what to do', (code) => {
  expect(whatToDo({ code })).toMatch(/^[A-Z].*\.$/)
})

it('an error is told in its own words, and in ours when it has none', () => {
  expect(problemWords(new Error('The disk is full.'))).toBe('The disk is full.')
  expect(problemWords(new Error(''))).toMatch(/went wrong/)
  expect(problemWords('x')).toMatch(/went wrong/)
})
