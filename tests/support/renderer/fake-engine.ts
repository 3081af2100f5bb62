import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { type AlertPolicy, defaultAlertPolicy } from '../../../domain/alert-policy.ts'
import {
  checkSettings,
  defaultPersonAlertSettings,
  effectiveRules,
  type PersonAlertSettings,
} from '../../../domain/alert-settings.ts'
import type { AlertDecision } from '../../../domain/alert-state.ts'
import {
  type CalendarPreview,
  type CalendarSettings,
  defaultCalendarSettings,
} from '../../../domain/calendar-settings.ts'
import type { Person, Team } from '../../../domain/directory.ts'
import type { Toast } from '../../../domain/host/messages.ts'
import type { Port } from '../../../domain/host/port.ts'
import type { AlertCounts, ShownAlert } from '../../../domain/rpc/alerts.ts'
import { engineContract } from '../../../domain/rpc/contract.ts'
import type { PendingChange, QuoteDetail, QuoteRow } from '../../../domain/rpc/quotes.ts'
import type { Session, SyncStatus } from '../../../domain/rpc/session.ts'
import type { StreamReport, VerifyResult } from '../../../domain/rpc/sync.ts'
import type { CacheChange } from '../../../src-renderer/engine-link/engine-client.ts'
import { makeChange, makeDetail, makeRow, personId, teamId } from './rows.ts'

/** A value that watchers get at once and again when it changes. */
class Watched<Value> {
  private readonly listeners = new Set<() => void>()
  private readonly sent: Value[] = []

  constructor(...first: Value[]) {
    this.sent.push(...first)
  }

  send(value: Value): void {
    this.sent.push(value)
    for (const listener of this.listeners) listener()
  }

  latest(): Value {
    return this.sent.at(-1) as Value
  }

  async *watch(signal: AbortSignal | undefined): AsyncGenerator<Value> {
    let next = Math.max(0, this.sent.length - 1)
    for (;;) {
      for (; next < this.sent.length; next += 1) yield this.sent[next] as Value
      if (signal?.aborted) return
      await new Promise<void>((resolve) => {
        this.listeners.add(resolve)
        signal?.addEventListener('abort', () => resolve())
      })
    }
  }
}

export const signedOut: Session = {
  state: 'signed_out',
  server_url: 'http://127.0.0.1:3002',
  sample_accounts: [],
  problem: null,
}

export const signedIn: Session = {
  state: 'signed_in',
  server_url: 'http://127.0.0.1:3002',
  person: {
    id: personId,
    name: 'Ann Lee',
    time_zone: 'UTC',
    active: true,
    memberships: [{ team_id: teamId, role: 'rep' }],
  },
  workspace: null,
  notice: null,
}

export const liveStatus: SyncStatus = {
  connection: { state: 'live' },
  last_synced_at: '2026-11-20T10:00:00.000Z',
  pending_changes: 0,
  refused_changes: 0,
  toast_channel: { kind: 'in_window', reason: 'No bus.' },
  secret_keeping: { kind: 'kept' },
  server_offset_ms: 0,
  alerts_held: 0,
  next_release_at: null,
}

const isOpen = (alert: ShownAlert) =>
  alert.acknowledged_at === null && alert.resolved_at === null && alert.dismissed_at === null

const gone = 'This change is no longer here.'

/** The contract over rows that a test changes, behind any number of ports. */
export class FakeEngine {
  rows: QuoteRow[] = []
  outbox: PendingChange[] = []
  teams: Team[] = [{ id: teamId, name: 'Europe' }]
  people: Person[] = []
  customers: { id: string; name: string }[] = []
  /** The edits, creations and so on as they were asked for, newest last. */
  readonly sent: unknown[] = []
  /** What the page of a quote says beyond its row, by id. */
  readonly details = new Map<string, Partial<QuoteDetail>>()
  /** What a verification answers. */
  verdict: VerifyResult = { kind: 'same', seq: 0, rows: 0, hash: '0'.repeat(64), at: '2026-11-20T10:00:00.000Z' }
  /** All that was asked to be done, in order, e.g. `verify team:…`. */
  readonly asked: string[] = []
  pageReads = 0
  failing: string | null = null
  readonly session = new Watched<Session>(signedOut)
  readonly status = new Watched<SyncStatus>(liveStatus)
  readonly changes = new Watched<CacheChange>()
  readonly streams = new Watched<{ streams: StreamReport[] }>({ streams: [] })
  readonly window = new Watched<{
    open_quote: string | null
    expiring_list: boolean
    edit?: 'valid_until' | null
    alerts?: boolean
    problem?: string | null
  }>()
  readonly toasts = new Watched<Toast>()
  readonly closedToasts = new Watched<{ key: string }>()
  /** Told alerts, newest first; those with nothing in `shown_at` wait. */
  alerts: ShownAlert[] = []
  decisions: AlertDecision[] = []
  settings: PersonAlertSettings = defaultPersonAlertSettings
  policy: { policy: AlertPolicy; version: number; refusal: string | null } = {
    policy: defaultAlertPolicy,
    version: 0,
    refusal: null,
  }
  preview: CalendarPreview = {
    is_open: false,
    time_zone: 'UTC',
    next_opening_at: '2026-11-23T09:00:00.000Z',
    next_opening_in: 'in 2 d 14 h',
    closes_at: null,
    next_holidays: [],
  }
  /** Why a calendar is refused; null: none is. */
  calendarRefusal: string | null = null
  holidayPlaces: { code: string; name: string }[] = [{ code: 'DE', name: 'Germany' }]
  tzWarning: string | null = null
  readonly counts = new Watched<AlertCounts>({ unread: 0, held: 0, next_release_at: null })
  private readonly handler = new RPCHandler(this.router())
  private lastEntry = 0

  serve(port: Port): void {
    this.handler.upgrade({
      on: (event, listener) => {
        if (event === 'message') port.onMessage((data) => listener({ data }))
        else port.onClose(() => listener())
      },
      postMessage: (message: unknown) => port.post(message),
    })
  }

  /** A change as a view gets it: waiting, unless told otherwise. */
  queue(change: Partial<PendingChange>): { entry: number } {
    this.lastEntry = Math.max(this.lastEntry, ...this.outbox.map(({ entry }) => entry)) + 1
    this.outbox = [...this.outbox, makeChange(this.lastEntry, change)]
    this.outboxChanged()
    return { entry: this.lastEntry }
  }

  private outboxChanged(): void {
    const waiting = this.outbox.filter(({ state }) => state.kind === 'waiting').length
    const refused = this.outbox.filter(({ state }) => state.kind === 'refused').length
    this.status.send({ ...this.status.latest(), pending_changes: waiting, refused_changes: refused })
    this.changes.send({ quotes: [], directory: false, outbox: true, alerts: false })
  }

  /** The alerts as they are from now on, for watchers as well. */
  setAlerts(alerts: ShownAlert[]): void {
    this.alerts = alerts
    const waits = alerts.filter(({ shown_at }) => shown_at === null)
    this.counts.send({
      unread: this.unread(),
      held: waits.length,
      next_release_at: waits.map(({ release_at }) => release_at).toSorted()[0] ?? null,
    })
    this.changes.send({ quotes: [], directory: false, outbox: false, alerts: true })
  }

  private unread(): number {
    return this.alerts.filter((alert) => alert.shown_at !== null && alert.read_at === null).length
  }

  private take(entry: number): PendingChange | undefined {
    const found = this.outbox.find((change) => change.entry === entry)
    this.outbox = this.outbox.filter((change) => change !== found)
    this.outboxChanged()
    return found
  }

  private router() {
    const os = implement(engineContract)
    return os.router({
      session: {
        watch: os.session.watch.handler(({ signal }) => this.session.watch(signal)),
        signIn: os.session.signIn.handler(() => ({})),
        signInSample: os.session.signInSample.handler(() => ({})),
        signOut: os.session.signOut.handler(() => ({})),
        dismissNotice: os.session.dismissNotice.handler(() => {
          const session = this.session.latest()
          if (session.state === 'signed_in') this.session.send({ ...session, notice: null })
          return {}
        }),
      },
      status: {
        watch: os.status.watch.handler(({ signal }) => this.status.watch(signal)),
        retryNow: os.status.retryNow.handler(() => ({})),
      },
      changes: { watch: os.changes.watch.handler(({ signal }) => this.changes.watch(signal)) },
      quotes: {
        page: os.quotes.page.handler(({ input, errors }) => {
          this.pageReads += 1
          if (this.failing !== null) throw errors.refused({ message: this.failing, data: { code: 'x' } })
          return {
            total: this.rows.length,
            rows: this.rows.slice(input.offset, input.offset + input.limit),
          }
        }),
        get: os.quotes.get.handler(({ input, errors }) => {
          const row = this.rows.find(({ id }) => id === input.id)
          if (row === undefined) throw errors.not_found({ message: 'There is no such quote here.' })
          return { ...makeDetail(row), ...this.details.get(row.id) }
        }),
        changeStatus: os.quotes.changeStatus.handler(({ input }) =>
          this.queue({ quote: input.id, what: `status to ${input.to}` }),
        ),
        create: os.quotes.create.handler(() => {
          const { id } = makeRow(90_000 + this.outbox.length)
          return { ...this.queue({ quote: id, quote_label: 'Q-new', what: 'new quote' }), id }
        }),
        edit: os.quotes.edit.handler(({ input, errors }) => {
          this.sent.push(input)
          if (this.failing !== null) throw errors.refused({ message: this.failing, data: { code: 'x' } })
          return this.queue({ quote: input.id, what: Object.keys(input.fields).join(', ') })
        }),
        reassign: os.quotes.reassign.handler(({ input }) => this.queue({ quote: input.id, what: 'owner' })),
        addNote: os.quotes.addNote.handler(({ input }) => this.queue({ quote: input.id, what: 'a note' })),
      },
      outbox: {
        list: os.outbox.list.handler(() => ({ changes: this.outbox })),
        discard: os.outbox.discard.handler(({ input, errors }) => {
          if (this.take(input.entry) === undefined) throw errors.not_found({ message: gone })
          return {}
        }),
        undo: os.outbox.undo.handler(({ input, errors }) => {
          if (this.take(input.entry) === undefined) throw errors.not_found({ message: gone })
          return { took_back: true }
        }),
        retry: os.outbox.retry.handler(({ input, errors }) => {
          const { state: _refused, entry: _old, ...change } = this.take(input.entry) ?? {}
          if (_old === undefined) throw errors.not_found({ message: gone })
          return this.queue(change)
        }),
        resolve: os.outbox.resolve.handler(({ input, errors }) => {
          this.asked.push(`resolve ${input.entry} ${input.mine.join(', ')}`)
          const { state: _refused, entry: _old, ...change } = this.take(input.entry) ?? {}
          if (_old === undefined) throw errors.not_found({ message: gone })
          return input.mine.length === 0 ? { entry: null } : this.queue({ ...change, what: input.mine.join(', ') })
        }),
      },
      sync: {
        watch: os.sync.watch.handler(({ signal }) => this.streams.watch(signal)),
        verify: os.sync.verify.handler(({ input, errors }) => {
          this.asked.push(`verify ${input.stream}`)
          if (this.failing !== null) throw errors.refused({ message: this.failing, data: { code: 'x' } })
          return this.verdict
        }),
        repair: os.sync.repair.handler(({ input, errors }) => {
          this.asked.push(`repair ${input.stream}`)
          if (this.failing !== null) throw errors.refused({ message: this.failing, data: { code: 'x' } })
          return {}
        }),
      },
      pipeline: {
        get: os.pipeline.get.handler(() => ({
          open_count: this.rows.length,
          draft_count: 0,
          open: [],
          expiring_7_days: 0,
          expired: 0,
          won_this_month: [],
        })),
      },
      directory: {
        get: os.directory.get.handler(() => ({
          teams: this.teams,
          people: this.people,
          currencies: ['EUR'],
        })),
        customers: os.directory.customers.handler(({ input }) => {
          const words = input.text.toLowerCase()
          return { customers: this.customers.filter(({ name }) => name.toLowerCase().includes(words)).slice(0, 50) }
        }),
      },
      ...this.alertRouter(),
      window: {
        watch: os.window.watch.handler(({ signal }) => this.window.watch(signal)),
        toasts: os.window.toasts.handler(({ signal }) => this.toasts.watch(signal)),
        closedToasts: os.window.closedToasts.handler(({ signal }) => this.closedToasts.watch(signal)),
        toastEvent: os.window.toastEvent.handler(() => ({})),
        toastAction: os.window.toastAction.handler(({ input }) => {
          this.asked.push(`${input.action} ${input.key}`)
          return {}
        }),
        focus: os.window.focus.handler(({ input }) => {
          this.asked.push(input.focused ? 'focus' : 'blur')
          return {}
        }),
      },
    })
  }

  private changeAlerts(keys: readonly string[], change: Partial<ShownAlert>): void {
    this.setAlerts(this.alerts.map((alert) => (keys.includes(alert.key) ? { ...alert, ...change } : alert)))
  }

  private saveCalendar(calendar: CalendarSettings | null): { entry: number } {
    this.settings = { ...this.settings, calendar }
    this.sent.push({ calendar })
    return { entry: 1 }
  }

  private alertRouter() {
    const os = implement(engineContract)
    const at = '2026-11-20T10:00:00.000Z'
    return {
      alerts: os.alerts.router({
        page: os.alerts.page.handler(({ input }) => {
          const { unread, severities, kinds, quote, state } = input.filter
          const found = this.alerts.filter(
            (alert) =>
              (alert.shown_at === null) === (state === 'waiting') &&
              (state !== 'open' || isOpen(alert)) &&
              (state !== 'history' || !isOpen(alert)) &&
              (!unread || alert.read_at === null) &&
              (severities.length === 0 || severities.includes(alert.severity)) &&
              (kinds.length === 0 || kinds.includes(alert.kind)) &&
              (quote === null || alert.quote === quote),
          )
          return {
            total: found.length,
            unread: this.unread(),
            alerts: found.slice(input.offset, input.offset + input.limit),
          }
        }),
        watch: os.alerts.watch.handler(({ signal }) => this.counts.watch(signal)),
        mark: os.alerts.mark.handler(({ input, errors }) => {
          this.asked.push(`${input.mark.mark} ${input.keys.join(', ')}`)
          if (this.failing !== null) throw errors.refused({ message: this.failing, data: { code: 'x' } })
          const { mark } = input.mark
          const field = `${mark}_at` as const
          this.changeAlerts(input.keys, {
            read_at: at,
            [field]: at,
            ...(input.mark.mark === 'resolved' ? { note: input.mark.note } : {}),
          })
          return {}
        }),
        markAllRead: os.alerts.markAllRead.handler(() => {
          const marked = this.unread()
          this.asked.push('mark all read')
          this.changeAlerts(
            this.alerts.filter(({ shown_at }) => shown_at !== null).map(({ key }) => key),
            { read_at: at },
          )
          return { marked }
        }),
        snooze: os.alerts.snooze.handler(({ input }) => {
          this.asked.push(`snooze ${input.key} ${input.choice}`)
          this.changeAlerts([input.key], { state: 'snoozed', read_at: at, release_at: '2026-11-23T09:00:00.000Z' })
          return { until: '2026-11-23T09:00:00.000Z' }
        }),
        why: os.alerts.why.handler(({ input }) => ({
          decisions: this.decisions.filter(({ quote }) => quote === input.quote),
        })),
        test: os.alerts.test.handler(({ input, errors }) => {
          this.asked.push(`test ${input.rule}`)
          if (this.failing !== null) throw errors.refused({ message: this.failing, data: { code: 'x' } })
          return {}
        }),
      }),
      calendar: os.calendar.router({
        get: os.calendar.get.handler(() => ({
          own: this.settings.calendar,
          effective: this.settings.calendar ?? defaultCalendarSettings,
          preview: this.preview,
          problem: null,
          machine_zone: 'UTC',
          person_zone: 'UTC',
        })),
        preview: os.calendar.preview.handler(() =>
          this.calendarRefusal === null
            ? { ok: true as const, preview: this.preview }
            : { ok: false as const, message: this.calendarRefusal },
        ),
        save: os.calendar.save.handler(({ input, errors }) => {
          if (this.calendarRefusal !== null) {
            throw errors.refused({ message: this.calendarRefusal, data: { code: 'never_opens' } })
          }
          return this.saveCalendar(input.settings)
        }),
        holidayPlaces: os.calendar.holidayPlaces.handler(() => ({ places: this.holidayPlaces })),
      }),
      settings: os.settings.router({
        get: os.settings.get.handler(() => {
          const both = { workspace: this.policy.policy, person: this.settings }
          const check = checkSettings(both)
          return {
            settings: this.settings,
            standing: 'confirmed' as const,
            workspace_rules: this.policy.policy.rules,
            effective_rules: effectiveRules(both),
            problem: check.ok ? null : check.message,
          }
        }),
        save: os.settings.save.handler(({ input, errors }) => {
          if (this.failing !== null) throw errors.refused({ message: this.failing, data: { code: 'x' } })
          this.settings = input.settings
          this.sent.push(input)
          return { entry: 1 }
        }),
      }),
      policy: os.policy.router({
        get: os.policy.get.handler(() => ({ ...this.policy, standing: 'confirmed' as const })),
        save: os.policy.save.handler(({ input, errors }) => {
          const words = this.failing ?? this.policy.refusal
          if (words !== null) throw errors.refused({ message: words, data: { code: 'x' } })
          this.policy = { ...this.policy, policy: input.policy }
          this.sent.push(input)
          return { entry: 1 }
        }),
      }),
      diagnostics: os.diagnostics.router({
        get: os.diagnostics.get.handler(() => ({
          time_zone_data: { version: '2026c', age_days: 100, warning: this.tzWarning },
          machine_zone: 'UTC',
          toast_channel: this.status.latest().toast_channel,
          presence: { focused: false, do_not_disturb: 'unknown' as const, full_screen: 'unknown' as const },
          server_offset_ms: 0,
          calendar_problem: null,
        })),
      }),
    }
  }
}
