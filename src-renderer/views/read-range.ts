import type { MoneyParse } from '../../domain/money.ts'

export type Range = { min: number | null; max: number | null } | { problem: string }

/** Two fields of a form as a range in minor units; an empty field leaves its side open. */
export function readRange(minText: string, maxText: string, parse: (text: string) => MoneyParse): Range {
  const read = (text: string) => (text.trim() === '' ? null : parse(text))
  const min = read(minText)
  const max = read(maxText)
  if (min !== null && !min.ok) return { problem: min.problem }
  if (max !== null && !max.ok) return { problem: max.problem }
  if (min === null && max === null) return { problem: 'Fill in at least one of the two amounts.' }
  if (min !== null && max !== null && min.money.minor > max.money.minor) {
    return { problem: 'The first amount is larger than the second: swap them.' }
  }
  return { min: min?.money.minor ?? null, max: max?.money.minor ?? null }
}
