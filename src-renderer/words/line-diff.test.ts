import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../domain/quote.ts'
import { diffLines, diffWords } from './line-diff.ts'

const line = (product: string, quantity = 1, unit_price_minor = 100): Line => ({
  product,
  description: '',
  quantity,
  unit_price_minor,
})

describe('the difference of two lists of lines', () => {
  it('names added, removed and changed lines where they stand', () => {
    const changes = diffLines(
      [line('Desk'), line('Chair', 4), line('Lamp')],
      [line('Desk'), line('Chair', 6), line('Mat')],
    )
    expect(changes).toEqual([
      { kind: 'same', line: line('Desk') },
      { kind: 'changed', before: line('Chair', 4), line: line('Chair', 6) },
      { kind: 'removed', line: line('Lamp') },
      { kind: 'added', line: line('Mat') },
    ])
    expect(diffWords(changes)).toBe('1 added, 1 removed, 1 changed')
    expect(diffWords(diffLines([line('Desk')], [line('Desk')]))).toBe('the same')
  })

  it('a line put first leaves all others the same', () => {
    const before = [line('A'), line('B'), line('C')]
    const kinds = diffLines(before, [line('New'), ...before]).map(({ kind }) => kind)
    expect(kinds).toEqual(['added', 'same', 'same', 'same'])
  })

  it('holds every line of both sides exactly once, in order', () => {
    const lines = fc.array(
      fc.record({
        product: fc.constantFrom('A', 'B', 'C', 'D'),
        description: fc.constant(''),
        quantity: fc.integer({ min: 1, max: 3 }),
        unit_price_minor: fc.constant(100),
      }),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const changes = diffLines(before, after)
        const was = changes.flatMap((change) =>
          change.kind === 'added' ? [] : [change.kind === 'changed' ? change.before : change.line],
        )
        const is = changes.flatMap((change) => (change.kind === 'removed' ? [] : [change.line]))
        expect(was).toEqual(before)
        expect(is).toEqual(after)
      }),
    )
  })
})
