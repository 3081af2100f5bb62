import type { Line } from '../../domain/quote.ts'
import { sameValue } from '../../domain/quote-edit.ts'

/** One row of the difference between two lists of lines; lines have no identity but their product's name. */
export type LineChange =
  | { kind: 'same'; line: Line }
  | { kind: 'added'; line: Line }
  | { kind: 'removed'; line: Line }
  | { kind: 'changed'; before: Line; line: Line }

/** Longest common subsequence of products, as pairs of indexes: the lines that are on both sides, in order. */
function commonLines(before: readonly Line[], after: readonly Line[]): Array<[number, number]> {
  // length[i][j]: the longest from before[i] and after[j] on. At most 500 × 500 (lineSchema), so plain is fast enough.
  const length = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1))
  const at = (i: number, j: number) => length[i]?.[j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = length[i]
    if (row === undefined) continue
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const same = before[i]?.product === after[j]?.product
      row[j] = same ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: Array<[number, number]> = []
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (before[i]?.product === after[j]?.product) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return pairs
}

/** What became of each line, in the order of the list after, removed ones where they stood. */
export function diffLines(before: readonly Line[], after: readonly Line[]): LineChange[] {
  const changes: LineChange[] = []
  let i = 0
  let j = 0
  const upTo = (endBefore: number, endAfter: number) => {
    for (const line of before.slice(i, endBefore)) changes.push({ kind: 'removed', line })
    for (const line of after.slice(j, endAfter)) changes.push({ kind: 'added', line })
  }
  for (const [nextBefore, nextAfter] of commonLines(before, after)) {
    upTo(nextBefore, nextAfter)
    const was = before[nextBefore]
    const line = after[nextAfter]
    if (was && line)
      changes.push(sameValue(was, line) ? { kind: 'same', line } : { kind: 'changed', before: was, line })
    i = nextBefore + 1
    j = nextAfter + 1
  }
  upTo(before.length, after.length)
  return changes
}

/** `1 added, 2 changed`; `the same` when nothing is. */
export function diffWords(changes: readonly LineChange[]): string {
  const count = (kind: LineChange['kind']) => changes.filter((change) => change.kind === kind).length
  const parts = (['added', 'removed', 'changed'] as const).flatMap((kind) => {
    const found = count(kind)
    return found === 0 ? [] : [`${found} ${kind}`]
  })
  return parts.length === 0 ? 'the same' : parts.join(', ')
}
