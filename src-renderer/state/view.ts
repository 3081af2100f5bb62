import { createStore, type StoreApi } from 'zustand/vanilla'
import type { QuoteFilter, QuoteSort } from '../../domain/rpc/quotes.ts'
import type { ListQuery } from '../list/quote-list.ts'

export type MyDayTab = 'expiring' | 'expired'
export type SettingsSection = 'hours' | 'rules' | 'everybody' | 'diagnostics'

/**
 * What the person is looking at. `my_day` is their own open quotes by what runs out. Behind `alerts` and `settings` the
 * list of quotes keeps its filter.
 */
export interface ViewState {
  where: 'my_day' | 'quotes' | 'alerts' | 'settings'
  /** Of the settings. */
  section: SettingsSection
  tab: MyDayTab
  filter: QuoteFilter
  sort: QuoteSort
}

export const noFilter: QuoteFilter = {
  statuses: [],
  outcomes: [],
  owner_ids: [],
  team_ids: [],
  customer_ids: [],
  currencies: [],
  value_min_minor: null,
  value_max_minor: null,
  expiring_within_days: null,
  expired: null,
  incomplete: null,
  text: '',
}

export const newestFirst: QuoteSort = { column: 'updated', direction: 'desc' }
export const soonestFirst: QuoteSort = { column: 'expires', direction: 'asc' }

/** "Soon" of My day and of the pipeline strip. */
export const soonDays = 7

/** What to ask the engine for a view of `personId`. */
export function queryOf({ where, tab, filter, sort }: ViewState, personId: string): ListQuery {
  if (where !== 'my_day') return { filter, sort }
  return { filter: { ...filter, ...myDayFilter(tab, personId) }, sort }
}

export function myDayFilter(tab: MyDayTab, personId: string) {
  return tab === 'expiring'
    ? { owner_ids: [personId], expiring_within_days: soonDays, expired: null }
    : { owner_ids: [personId], expiring_within_days: null, expired: true }
}

/** Whether anything restricts the list beyond the view itself. */
export const isFiltered = (filter: QuoteFilter) => JSON.stringify(filter) !== JSON.stringify(noFilter)

export interface View {
  store: StoreApi<ViewState>
  goMyDay: (tab?: MyDayTab) => void
  /** All quotes, or those of a preset. */
  goQuotes: (preset?: Partial<QuoteFilter>, sort?: QuoteSort) => void
  goAlerts: () => void
  goSettings: (section?: SettingsSection) => void
  narrow: (change: Partial<QuoteFilter>) => void
  clearFilter: () => void
  sortBy: (sort: QuoteSort) => void
}

export function createView(): View {
  const store = createStore<ViewState>(() => ({
    where: 'quotes',
    section: 'hours',
    tab: 'expiring',
    filter: noFilter,
    sort: newestFirst,
  }))
  return {
    store,
    goMyDay: (tab = 'expiring') => {
      const sort: QuoteSort = tab === 'expiring' ? soonestFirst : { column: 'expires', direction: 'desc' }
      store.setState({ where: 'my_day', tab, filter: noFilter, sort })
    },
    goQuotes: (preset = {}, sort = newestFirst) =>
      store.setState({ where: 'quotes', filter: { ...noFilter, ...preset }, sort }),
    goAlerts: () => store.setState({ where: 'alerts' }),
    goSettings: (section = 'hours') => store.setState({ where: 'settings', section }),
    narrow: (change) => store.setState(({ filter }) => ({ filter: { ...filter, ...change } })),
    clearFilter: () => store.setState({ filter: noFilter }),
    sortBy: (sort) => store.setState({ sort }),
  }
}
