import type { Quote } from '../../../domain/quote.ts'

/** What a client of the outbox bench is started with, as JSON in argv. */
export interface OutboxTask {
  /** The engine's own sender, or the barest thing that does the same. */
  kind: 'ours' | 'limit'
  url: string
  /** Of the server, to sign in; the limit knows nobody. */
  account: { email: string; password: string }
  personId: string
  /** A synced cache of this client's alone. */
  file: string
  quoteIds: Quote['id'][]
  /** How many edits one answer acknowledges. */
  perAnswer: number
}

/** `ms` from the first look at what waits to the last answer's durable commit here. */
export type OutboxReply = { kind: 'queued' } | { kind: 'done'; ms: number; requests: number }
