import { ORPCError } from '@orpc/client'
import type { StoreApi } from 'zustand/vanilla'
import type { Session } from '../../domain/rpc/session.ts'
import type { Bridge } from '../bridge.ts'
import type { CacheChange, EngineClient } from '../engine-link/engine-client.ts'
import { createEngineLink, type EngineLink } from '../engine-link/engine-link.ts'
import { follow, type WatchStart } from '../engine-link/follow.ts'
import { createPaintGate, type Timers } from '../engine-link/paint-gate.ts'
import { createRefresher, type Refresher, type Stale } from '../engine-link/refresher.ts'
import { createQuoteList, type QuoteList } from '../list/quote-list.ts'
import { rowOf } from '../list/row-of.ts'
import { problemWords } from '../words/refusals.ts'
import { type AlertCentre, createAlertCentre } from './alert-centre.ts'
import { type AlertToasts, createAlertToasts, type NotificationDoor } from './alert-toasts.ts'
import type { Attention } from './attention.ts'
import { createEngineData, type EngineData, setIfNew } from './engine-data.ts'
import { createNow, type Now } from './now.ts'
import { createFormDesk, type FormDesk } from './open-form.ts'
import { createPreferences, type Preferences } from './preferences.ts'
import { createQuotePage, type QuotePage } from './quote-page.ts'
import { createRefusalWatch, type RefusalWatch } from './refusal-watch.ts'
import { createSyncDetails, type SyncDetails } from './sync-details.ts'
import { createUi, type Ui } from './ui.ts'
import { createView, myDayFilter, noFilter, queryOf, soonestFirst, type View } from './view.ts'

/** Everything behind the components: stores that the engine feeds, and the engine itself for what people ask of it. */
export interface Desk {
  timers: Timers
  /** Ticks, so that "3 h ago" grows older by itself. */
  now: Now
  ui: Ui
  /** The zone of the machine: moments are shown in it, valid-until dates in the quote's own. */
  timeZone: string
  link: EngineLink
  data: StoreApi<EngineData>
  list: QuoteList
  page: QuotePage
  /** The one form that is open. */
  form: FormDesk
  view: View
  preferences: StoreApi<Preferences>
  alerts: AlertToasts
  /** The list of alerts. */
  centre: AlertCentre
  refusals: RefusalWatch
  syncDetails: SyncDetails
  /** The engine's procedures; throws a text for people while it cannot be reached. */
  engine: () => EngineClient
  start: () => void
  stop: () => void
}

interface Needs {
  bridge: Bridge
  timers: Timers
  timeZone: string
  storage: Pick<Storage, 'getItem' | 'setItem'>
  notifications: NotificationDoor
  attention: Attention
}

const everything: CacheChange = { quotes: null, directory: true, outbox: true, alerts: true }

export function createDesk({ bridge, timers, timeZone, storage, notifications, attention }: Needs): Desk {
  const { store: data, forgetPerson } = createEngineData()
  const gate = createPaintGate(timers)
  const view = createView()
  const ui = createUi()
  const now = createNow(timers)
  const form = createFormDesk()
  const link = createEngineLink({ connect: bridge.connect, timers, onReady: watchEngine })
  const page = createQuotePage((id, signal) => engine().quotes.get({ id }, { signal }))
  const refusals = createRefusalWatch()
  const syncDetails = createSyncDetails({ engine })
  const alerts = createAlertToasts({ engine, notifications, isLookedAt: attention.isHere, openFrom })
  const centre = createAlertCentre({ engine })
  const list = createQuoteList({
    fetchPage: (input, signal) => engine().quotes.page(input, { signal }),
    fetchRow,
    nowMs: timers.nowMs,
  })

  function openFrom(quote: string | null) {
    if (quote === null) view.goMyDay('expiring')
    else {
      void page.open(quote)
      ui.setState({ focusPage: true })
    }
  }

  function engine(): EngineClient {
    const state = link.store.getState()
    if (state.state !== 'ready') throw new Error('QuoteDesk is reconnecting to its engine. Try again in a moment.')
    return state.client
  }

  /** Where a toast comes is decided by whether a person looks at a window. */
  function tellAttention() {
    const state = link.store.getState()
    if (state.state !== 'ready') return
    // A connection that breaks here is told anew by the next one.
    state.client.window.focus({ focused: attention.isHere() }).catch(() => {})
  }

  function personId(): string | null {
    const { session } = data.getState()
    return session?.state === 'signed_in' ? session.person.id : null
  }

  /** Null when it is not here any more: taken back, moved, or no longer to be seen. */
  async function fetchRow(id: string, signal: AbortSignal) {
    try {
      return rowOf(await engine().quotes.get({ id }, { signal }))
    } catch (error) {
      if (error instanceof ORPCError && error.code === 'not_found') return null
      throw error
    }
  }

  function askList() {
    const id = personId()
    if (id !== null) void list.ask(queryOf(view.store.getState(), id))
  }

  async function readMyDay(id: string) {
    const count = async (tab: 'expiring' | 'expired') => {
      const filter = { ...noFilter, ...myDayFilter(tab, id) }
      return (await engine().quotes.page({ filter, sort: soonestFirst, offset: 0, limit: 1 })).total
    }
    const [expiring, expired] = await Promise.all([count('expiring'), count('expired')])
    return { expiring, expired }
  }

  /** All that a change may touch is read side by side and painted in one step. */
  async function refresh(stale: Stale) {
    const id = personId()
    if (id === null) return
    const quotesChanged = stale.quotes === null || stale.quotes.size > 0
    const [showList, showPage, showCentre, pipeline, myDay, directory, outbox] = await Promise.all([
      list.prepareRefresh(stale),
      page.prepareRefresh(),
      stale.alerts ? centre.prepareRefresh() : null,
      quotesChanged ? engine().pipeline.get() : null,
      quotesChanged ? readMyDay(id) : null,
      stale.directory ? engine().directory.get() : null,
      stale.outbox ? engine().outbox.list() : null,
    ])
    await gate.paint(() => {
      if (personId() !== id) return
      showList()
      showPage()
      showCentre?.()
      if (stale.alerts) data.setState(({ alertsVersion }) => ({ alertsVersion: alertsVersion + 1 }))
      if (pipeline) setIfNew(data, 'pipeline', pipeline)
      if (myDay) setIfNew(data, 'myDay', myDay)
      if (directory) setIfNew(data, 'directory', directory)
      if (outbox) {
        setIfNew(data, 'outbox', outbox.changes)
        refusals.take(outbox.changes)
      }
    })
  }

  function takeSession(session: Session, refresher: Refresher) {
    const before = personId()
    setIfNew(data, 'session', session)
    const now = personId()
    if (now === before && now !== null) return
    list.clear()
    page.close()
    forgetPerson()
    refusals.forget()
    centre.forget()
    alerts.forget()
    syncDetails.forget()
    if (now === null) return
    // Typing waits for whoever signs in again, and for nobody else.
    const { open } = form.store.getState()
    if (open?.person !== now) form.close()
    else if (open.kind === 'edit') void page.open(open.quote)
    view.goQuotes()
    refresher.changed(everything)
  }

  function watchEngine(client: EngineClient, signal: AbortSignal) {
    const refresher = createRefresher(async (stale) => {
      try {
        await refresh(stale)
      } catch (error) {
        // A connection that broke in the middle is shown by the link; the next one reads everything again.
        if (!signal.aborted) data.setState({ fault: problemWords(error) })
      }
    })
    signal.addEventListener('abort', () => refresher.stop())
    const watch = <Value>(start: WatchStart<Value>, take: (value: Value) => void) =>
      void follow(start, signal, take).catch((error) => data.setState({ fault: problemWords(error) }))

    watch(
      (options) => client.session.watch(undefined, options),
      (session) => takeSession(session, refresher),
    )
    watch(
      (options) => client.status.watch(undefined, options),
      (status) => void gate.paint(() => setIfNew(data, 'status', status)),
    )
    watch((options) => client.changes.watch(undefined, options), refresher.changed)
    watch(
      (options) => client.window.watch(undefined, options),
      ({ open_quote, expiring_list, edit, alerts: openCentre, problem }) => {
        if (problem !== null) alerts.store.setState({ problem })
        if (openCentre) view.goAlerts()
        if (open_quote !== null || expiring_list) openFrom(open_quote)
        if (open_quote !== null && edit === 'valid_until') ui.setState({ wish: 'extend' })
      },
    )
    watch((options) => client.window.toasts(undefined, options), alerts.show)
    watch(
      (options) => client.window.closedToasts(undefined, options),
      ({ key }) => alerts.takeBack(key),
    )
    watch(
      (options) => client.alerts.watch(undefined, options),
      (counts) => void gate.paint(() => setIfNew(data, 'alertCounts', counts)),
    )
    tellAttention()
    // What is on the screen may be old by now: the engine may have gone on without this window.
    if (personId() !== null) {
      void list.askAgain()
      refresher.changed(everything)
    }
  }

  const unsubscribe: Array<() => void> = []
  return {
    timers,
    now,
    ui,
    timeZone,
    link,
    data,
    list,
    page,
    form,
    view,
    preferences: createPreferences(storage),
    alerts,
    centre,
    refusals,
    syncDetails,
    engine,
    start: () => {
      unsubscribe.push(view.store.subscribe(askList), attention.onChange(tellAttention))
      now.start()
      link.start()
    },
    stop: () => {
      for (const end of unsubscribe.splice(0)) end()
      now.stop()
      gate.stop()
      link.stop()
    },
  }
}
