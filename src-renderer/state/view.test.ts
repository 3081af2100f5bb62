import { describe, expect, it } from 'vitest'
import { quoteFilterSchema } from '../../domain/rpc/quotes.ts'
import { createView, isFiltered, noFilter, queryOf } from './view.ts'

describe('views', () => {
  it('start from a filter that restricts nothing', () => {
    expect(noFilter).toEqual(quoteFilterSchema.parse({}))
    expect(isFiltered(noFilter)).toBe(false)
    expect(isFiltered({ ...noFilter, text: 'a' })).toBe(true)
  })

  it('My day asks for my own open quotes: those that run out soon, or those that have', () => {
    const view = createView()
    view.goMyDay()
    view.narrow({ statuses: ['sent'] })
    expect(queryOf(view.store.getState(), 'me')).toMatchObject({
      filter: { owner_ids: ['me'], expiring_within_days: 7, expired: null, statuses: ['sent'] },
      sort: { column: 'expires', direction: 'asc' },
    })
    view.goMyDay('expired')
    expect(queryOf(view.store.getState(), 'me')).toMatchObject({
      filter: { owner_ids: ['me'], expiring_within_days: null, expired: true, statuses: [] },
      sort: { column: 'expires', direction: 'desc' },
    })
  })

  it('a preset replaces the filter, narrowing adds to it, clearing takes it off', () => {
    const view = createView()
    view.goQuotes({ statuses: ['draft'] })
    view.narrow({ text: 'acme' })
    expect(view.store.getState().filter).toMatchObject({ statuses: ['draft'], text: 'acme' })
    view.sortBy({ column: 'value', direction: 'desc' })
    view.clearFilter()
    expect(view.store.getState()).toMatchObject({ filter: noFilter, sort: { column: 'value' } })
  })
})
