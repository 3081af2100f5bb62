import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AlertFilter, AlertPage, ShownAlert } from '../../domain/rpc/alerts.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { problemWords } from '../words/refusals.ts'

/** Rows that one "more" brings. */
const step = 100
/** The most that the engine gives at once. */
const atOnce = 500

export interface AlertCentreState {
  filter: AlertFilter
  /** Null until it was first read. */
  alerts: readonly ShownAlert[] | null
  total: number
  loading: boolean
  problem: string | null
  /** The alert under the keyboard, by its key. */
  active: string | null
  /** Chosen for what is done next, by key; none: what is done is done to the active one. */
  chosen: ReadonlySet<string>
  /** Dismissed a moment ago and still to be taken back: not listed. */
  leaving: ReadonlySet<string>
}

export interface AlertCentre {
  store: StoreApi<AlertCentreState>
  /** Somebody looks: read now, and again whenever alerts change. */
  open: () => void
  close: () => void
  narrow: (change: Partial<AlertFilter>) => Promise<void>
  more: () => Promise<void>
  again: () => Promise<void>
  setActive: (key: string | null) => void
  /** `one`: turns that one on or off. `to`: from the active one up to it. */
  choose: (key: string, how: 'one' | 'to') => void
  chooseNone: () => void
  /** What an action is done to, in the order of the list. */
  targets: () => readonly ShownAlert[]
  leave: (keys: readonly string[], leaving: boolean) => void
  prepareRefresh: () => Promise<() => void>
  forget: () => void
}

export const noAlertFilter: AlertFilter = { unread: false, severities: [], kinds: [], quote: null, state: 'open' }

export const isNarrowed = ({ unread, severities, kinds }: AlertFilter) =>
  unread || severities.length > 0 || kinds.length > 0

const nothingYet: AlertCentreState = {
  filter: noAlertFilter,
  alerts: null,
  total: 0,
  loading: false,
  problem: null,
  active: null,
  chosen: new Set(),
  leaving: new Set(),
}

/** The list of alerts: what is read of it, and where the person stands in it. */
export function createAlertCentre({ engine }: { engine: () => EngineClient }): AlertCentre {
  const store = createStore<AlertCentreState>(() => nothingYet)
  let looking = false
  let wanted = step
  let visit = new AbortController()

  async function read(signal: AbortSignal): Promise<AlertPage> {
    const { filter } = store.getState()
    const alerts: ShownAlert[] = []
    for (;;) {
      const limit = Math.min(atOnce, wanted - alerts.length)
      const page = await engine().alerts.page({ filter, offset: alerts.length, limit }, { signal })
      alerts.push(...page.alerts)
      if (page.alerts.length < limit || alerts.length >= wanted) return { ...page, alerts }
    }
  }

  /** The keyboard stays on its alert, else where it stood. */
  function take({ alerts, total }: AlertPage) {
    const { alerts: before, active, chosen, leaving } = store.getState()
    const keys = new Set(alerts.map(({ key }) => key))
    const stood = Math.max(0, before?.findIndex(({ key }) => key === active) ?? 0)
    const nextActive =
      active !== null && keys.has(active) ? active : (alerts[Math.min(stood, alerts.length - 1)]?.key ?? null)
    store.setState({
      alerts,
      total,
      problem: null,
      loading: false,
      active: nextActive,
      chosen: new Set([...chosen].filter((key) => keys.has(key))),
      leaving: new Set([...leaving].filter((key) => keys.has(key))),
    })
  }

  async function ask() {
    visit.abort()
    visit = new AbortController()
    const { signal } = visit
    store.setState({ loading: true })
    try {
      const page = await read(signal)
      if (!signal.aborted) take(page)
    } catch (error) {
      if (!signal.aborted) store.setState({ loading: false, problem: problemWords(error) })
    }
  }

  const listed = () => {
    const { alerts, leaving } = store.getState()
    return (alerts ?? []).filter(({ key }) => !leaving.has(key))
  }

  return {
    store,
    open: () => {
      if (looking) return
      looking = true
      void ask()
    },
    close: () => {
      looking = false
      visit.abort()
      wanted = step
      store.setState({ loading: false, chosen: new Set() })
    },
    narrow: (change) => {
      wanted = step
      store.setState(({ filter }) => ({ filter: { ...filter, ...change }, chosen: new Set(), active: null }))
      return ask()
    },
    more: () => {
      wanted += step
      return ask()
    },
    again: ask,
    setActive: (active) => store.setState({ active }),
    choose: (key, how) => {
      const { active, chosen } = store.getState()
      if (how === 'one') {
        const next = new Set(chosen)
        if (!next.delete(key)) next.add(key)
        store.setState({ chosen: next, active: key })
        return
      }
      const rows = listed()
      const from = rows.findIndex((alert) => alert.key === active)
      const to = rows.findIndex((alert) => alert.key === key)
      if (to < 0) return
      const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)]
      store.setState({
        chosen: new Set([...chosen, ...rows.slice(first, last + 1).map((alert) => alert.key)]),
        active: key,
      })
    },
    chooseNone: () => store.setState({ chosen: new Set() }),
    targets: () => {
      const { active, chosen } = store.getState()
      return listed().filter(({ key }) => (chosen.size > 0 ? chosen.has(key) : key === active))
    },
    leave: (keys, leaving) => {
      const { leaving: before, active } = store.getState()
      const next = new Set(before)
      for (const key of keys) {
        if (leaving) next.add(key)
        else next.delete(key)
      }
      const rows = listed()
      const stood = rows.findIndex(({ key }) => key === active)
      store.setState({ leaving: next, chosen: new Set() })
      if (active === null || !next.has(active)) return
      const after = rows.slice(stood).find(({ key }) => !next.has(key)) ?? rows.findLast(({ key }) => !next.has(key))
      store.setState({ active: after?.key ?? null })
    },
    prepareRefresh: async () => {
      if (!looking || store.getState().loading) return () => {}
      const { signal } = visit
      try {
        const page = await read(signal)
        return () => {
          if (!signal.aborted) take(page)
        }
      } catch (error) {
        return () => {
          if (!signal.aborted) store.setState({ problem: problemWords(error) })
        }
      }
    },
    forget: () => {
      visit.abort()
      wanted = step
      store.setState(nothingYet)
      if (looking) void ask()
    },
  }
}
