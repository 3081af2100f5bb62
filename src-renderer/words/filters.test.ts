import { describe, expect, it } from 'vitest'
import type { QuoteFilter } from '../../domain/rpc/quotes.ts'
import { noFilter } from '../state/view.ts'
import { activeDimensions, amountHint, clearing, dimensions } from './filters.ts'

const people = [
  { id: 'p1', name: 'Ann Lee', time_zone: 'UTC', active: true, memberships: [] },
  { id: 'p2', name: 'Bo Okafor', time_zone: 'UTC', active: true, memberships: [] },
  { id: 'p3', name: 'Carla Schmidt', time_zone: 'UTC', active: true, memberships: [] },
]
const names = {
  directory: { people, teams: [{ id: 't1', name: 'Europe' }], currencies: ['EUR', 'JPY'] },
  customers: new Map([['c1', 'Acme Corp']]),
}

describe('filter chips', () => {
  it.each([
    [{ statuses: ['sent', 'negotiation'] }, 'status', 'Sent, negotiation'],
    [{ outcomes: ['won'] }, 'outcome', 'Won'],
    [{ owner_ids: ['p1', 'p2', 'p3'] }, 'owner', 'Ann Lee and 2 more'],
    [{ team_ids: ['t1'] }, 'team', 'Europe'],
    [{ customer_ids: ['c1', 'c9'] }, 'customer', 'Acme Corp, unknown'],
    [{ expiring_within_days: 7 }, 'expiring', '7 days'],
    [{ expiring_within_days: 1 }, 'expiring', '1 day'],
    [{ expiring_within_days: 0 }, 'expiring', 'Today'],
    [{ expired: false }, 'expired', 'No'],
    [{ incomplete: true }, 'incomplete', 'Yes'],
  ] as const)('%o reads %s: %s', (filter, dimension, words) => {
    expect(activeDimensions({ ...noFilter, ...filter } as typeof noFilter, names)).toEqual([{ dimension, words }])
  })

  it.each([
    [1_000_000, null, 'From €10K'],
    [null, 5_000_000, 'Up to €50K'],
    [1_000_000, 5_000_000, '€10K to €50K'],
  ])('a range from %s to %s reads "%s", in its currency', (value_min_minor, value_max_minor, words) => {
    const filter = { ...noFilter, currencies: ['EUR'], value_min_minor, value_max_minor }
    expect(activeDimensions(filter, names)).toEqual([
      { dimension: 'currency', words: 'EUR' },
      { dimension: 'value', words },
    ])
  })

  it('are not there when nothing restricts, and each can be taken off', () => {
    expect(activeDimensions(noFilter, names)).toEqual([])
    let filter: QuoteFilter = {
      ...noFilter,
      statuses: ['sent'],
      currencies: ['EUR'],
      value_min_minor: 5,
      expired: true,
    }
    for (const dimension of dimensions) filter = { ...filter, ...clearing[dimension] }
    expect(filter).toEqual(noFilter)
  })

  it('hint at amounts with the decimals the currency has', () => {
    expect([amountHint('EUR'), amountHint('JPY')]).toEqual(['10000.00', '10000'])
  })
})
