import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import type { Port } from '../../../domain/host/port.ts'
import { engineContract } from '../../../domain/rpc/contract.ts'
import type { PendingChange, QuoteRow } from '../../../domain/rpc/quotes.ts'
import type { Session, SyncStatus } from '../../../domain/rpc/session.ts'
import type { CacheChange } from '../../../src-renderer/engine-link/engine-client.ts'
import { makeDetail, personId, teamId } from './rows.ts'

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
}

export const liveStatus: SyncStatus = {
  connection: { state: 'live' },
  last_synced_at: '2026-11-20T10:00:00.000Z',
  pending_changes: 0,
  refused_changes: 0,
  toast_channel: { kind: 'in_window', reason: 'No bus.' },
  secret_keeping: { kind: 'kept' },
  alerts_held: 0,
  next_release_at: null,
}

/** The contract over rows that a test changes, behind any number of ports. */
export class FakeEngine {
  rows: QuoteRow[] = []
  outbox: PendingChange[] = []
  pageReads = 0
  failing: string | null = null
  readonly session = new Watched<Session>(signedOut)
  readonly status = new Watched<SyncStatus>(liveStatus)
  readonly changes = new Watched<CacheChange>()
  readonly window = new Watched<{ open_quote: string | null; expiring_list: boolean }>()
  readonly toasts = new Watched<{ key: string; title: string; body: string; quote: string | null }>()
  private readonly handler = new RPCHandler(this.router())

  serve(port: Port): void {
    this.handler.upgrade({
      on: (event, listener) => {
        if (event === 'message') port.onMessage((data) => listener({ data }))
        else port.onClose(() => listener())
      },
      postMessage: (message: unknown) => port.post(message),
    })
  }

  private router() {
    const os = implement(engineContract)
    return os.router({
      session: {
        watch: os.session.watch.handler(({ signal }) => this.session.watch(signal)),
        signIn: os.session.signIn.handler(() => ({})),
        signInSample: os.session.signInSample.handler(() => ({})),
        signOut: os.session.signOut.handler(() => ({})),
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
          return makeDetail(row)
        }),
        changeStatus: os.quotes.changeStatus.handler(({ input }) => {
          const mutation_id = this.outbox.length + 1
          const what = `status to ${input.to}`
          const waiting = { quote: input.id, quote_label: 'Q-1', customer_name: null, what }
          this.outbox.push({
            mutation_id,
            ...waiting,
            queued_at: '2026-11-20T10:00:00.000Z',
            state: { kind: 'waiting' },
          })
          return { mutation_id }
        }),
      },
      outbox: {
        list: os.outbox.list.handler(() => ({ changes: this.outbox })),
        discard: os.outbox.discard.handler(() => ({})),
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
          teams: [{ id: teamId, name: 'Europe' }],
          people: [],
          currencies: ['EUR'],
        })),
        customers: os.directory.customers.handler(() => ({ customers: [] })),
      },
      window: {
        watch: os.window.watch.handler(({ signal }) => this.window.watch(signal)),
        toasts: os.window.toasts.handler(({ signal }) => this.toasts.watch(signal)),
        toastEvent: os.window.toastEvent.handler(() => ({})),
      },
    })
  }
}
