import { currencyDigits } from '../../domain/money.ts'
import type { QuoteFilter } from '../../domain/rpc/quotes.ts'
import type { Directory } from '../engine-link/engine-client.ts'
import { compactMoney } from './money.ts'
import { capitalised } from './status.ts'

/** What a list can be narrowed by, one chip each. Text has the search field. */
export const dimensions = [
  'status',
  'outcome',
  'owner',
  'team',
  'customer',
  'currency',
  'value',
  'expiring',
  'expired',
  'incomplete',
] as const
export type Dimension = (typeof dimensions)[number]

export const dimensionNames: Record<Dimension, string> = {
  status: 'Status',
  outcome: 'Outcome',
  owner: 'Owner',
  team: 'Team',
  customer: 'Customer',
  currency: 'Currency',
  value: 'Value',
  expiring: 'Expiring within',
  expired: 'Expired',
  incomplete: 'Incomplete',
}

/** What sets a dimension back to "any". */
export const clearing: Record<Dimension, Partial<QuoteFilter>> = {
  status: { statuses: [] },
  outcome: { outcomes: [] },
  owner: { owner_ids: [] },
  team: { team_ids: [] },
  customer: { customer_ids: [] },
  // A range of amounts means nothing without its currency.
  currency: { currencies: [], value_min_minor: null, value_max_minor: null },
  value: { value_min_minor: null, value_max_minor: null },
  expiring: { expiring_within_days: null },
  expired: { expired: null },
  incomplete: { incomplete: null },
}

export interface Names {
  directory: Directory
  /** Names of customers chosen so far; the directory does not list all. */
  customers: ReadonlyMap<string, string>
}

/** Up to two by name, the rest counted: `Sent, negotiation`, `Ann Lee and 3 more`. */
function listed(names: readonly string[]): string {
  const [first = '', second] = names
  if (second === undefined) return first
  return names.length === 2 ? `${first}, ${second}` : `${first} and ${names.length - 1} more`
}

const amountWords = (minor: number, currency: string) => compactMoney({ value_minor: minor, currency })

function valueWords({ value_min_minor: min, value_max_minor: max, currencies }: QuoteFilter): string | null {
  const currency = currencies[0]
  if (currency === undefined || (min === null && max === null)) return null
  if (min === null) return `up to ${amountWords(max ?? 0, currency)}`
  return max === null
    ? `from ${amountWords(min, currency)}`
    : `${amountWords(min, currency)} to ${amountWords(max, currency)}`
}

const some = (texts: readonly string[]) => (texts.length === 0 ? null : listed(texts))
const nameOf = (id: string, things: readonly { id: string; name: string }[]) =>
  things.find((thing) => thing.id === id)?.name ?? 'unknown'

const wordsOf: Record<Dimension, (filter: QuoteFilter, names: Names) => string | null> = {
  status: (filter) => some(filter.statuses),
  outcome: (filter) => some(filter.outcomes),
  owner: (filter, names) => some(filter.owner_ids.map((id) => nameOf(id, names.directory.people))),
  team: (filter, names) => some(filter.team_ids.map((id) => nameOf(id, names.directory.teams))),
  customer: (filter, names) => some(filter.customer_ids.map((id) => names.customers.get(id) ?? 'unknown')),
  currency: (filter) => some(filter.currencies),
  value: valueWords,
  expiring: (filter) => (filter.expiring_within_days === null ? null : daysWords(filter.expiring_within_days)),
  expired: (filter) => yesNo(filter.expired),
  incomplete: (filter) => yesNo(filter.incomplete),
}

const yesNo = (value: boolean | null) => (value === null ? null : value ? 'yes' : 'no')

export function daysWords(days: number): string {
  if (days === 0) return 'today'
  return days === 1 ? '1 day' : `${days} days`
}

/** Dimensions that restrict, in their usual order. */
export function activeDimensions(filter: QuoteFilter, names: Names): { dimension: Dimension; words: string }[] {
  return dimensions.flatMap((dimension) => {
    const words = wordsOf[dimension](filter, names)
    return words === null ? [] : [{ dimension, words: capitalised(words) }]
  })
}

/** Example amount for a field, with the decimals the currency has. */
export const amountHint = (currency: string) => (currencyDigits(currency) === 0 ? '10000' : '10000.00')
