import type { ChangedFields } from '../../domain/quote.ts'

/** How people call what can be changed of a quote. */
export const fieldWords: Record<keyof ChangedFields, string> = {
  customer_id: 'customer',
  title: 'title',
  currency: 'currency',
  lines: 'lines',
  value_minor: 'value',
  expires_on: 'valid until',
  time_zone: 'time zone',
  team_id: 'team',
  owner_id: 'owner',
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
