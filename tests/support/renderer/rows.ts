import { quoteFieldNames } from '../../../domain/quote.ts'
import type { PendingChange, QuoteDetail, QuoteRow } from '../../../domain/rpc/quotes.ts'
import type { StreamReport } from '../../../domain/rpc/sync.ts'

const id = (number: number) => `0190a0a0-0000-7000-8000-${String(number).padStart(12, '0')}`

export const personId = id(900_001)
export const teamId = id(900_002)

/** A row like any other; `number` makes its identity. */
export function makeRow(number: number, more: Partial<QuoteRow> = {}): QuoteRow {
  return {
    id: id(number),
    quote_id: number,
    revision: 1,
    title: `Rollout ${number}`,
    customer_name: 'Acme Corp',
    owner_id: personId,
    owner_name: 'Ann Lee',
    team_id: teamId,
    team_name: 'Europe',
    status: 'sent',
    outcome: null,
    value_minor: 100 * number,
    currency: 'EUR',
    expires_on: '2026-11-27',
    time_zone: 'Europe/Berlin',
    expires_at_ms: 1_795_820_400_000,
    updated_at: '2026-11-20T10:00:00.000Z',
    incomplete: false,
    pending: false,
    refused: false,
    ...more,
  }
}

export const makeRows = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => makeRow(from + index))

/** The page of a row. */
export function makeDetail(row: QuoteRow): QuoteDetail {
  return {
    quote: {
      id: row.id,
      quote_id: row.quote_id,
      revision: row.revision,
      version: 3,
      team_id: row.team_id,
      owner_id: row.owner_id,
      customer_id: null,
      title: row.title,
      status: row.status,
      outcome: row.outcome,
      reason: null,
      value_minor: row.value_minor,
      currency: row.currency,
      lines: [],
      expires_on: row.expires_on,
      time_zone: row.time_zone,
      sent_at: null,
      closed_at: null,
      created_at: row.updated_at,
      updated_at: row.updated_at,
    },
    missing: ['customer', 'lines'],
    expires_at_ms: row.expires_at_ms,
    owner: { id: row.owner_id, name: 'Ann Lee', time_zone: row.time_zone, active: true, memberships: [] },
    team: { id: row.team_id, name: 'Europe' },
    customer: null,
    history: [],
    names: {},
    allowed: [{ to: 'negotiation', outcome: null, label: 'negotiation' }],
    pending: [],
    base_version: 3,
    may: { edit: [...quoteFieldNames], edit_refusal: null, reassign: true, note: true },
  }
}

/** A change of the quote of row 1 that waits, unless told otherwise. */
export function makeChange(entry: number, more: Partial<PendingChange> = {}): PendingChange {
  return {
    entry,
    quote: id(1),
    quote_label: 'Q-1',
    customer_name: 'Acme Corp',
    what: 'value',
    queued_at: '2026-11-20T10:00:00.000Z',
    currency: 'EUR',
    state: { kind: 'waiting', sent: false },
    ...more,
  }
}

/** A team's stream that is level with the server, unless told otherwise. */
export function makeStream(number: number, more: Partial<StreamReport> = {}): StreamReport {
  return {
    stream: `team:${id(800_000 + number)}`,
    label: `Team ${number}`,
    state: 'level',
    epoch: '1b4e28ba-2fa1-4d3b-883f-0016d3cca427',
    seq: 120,
    head: 120,
    gap: 0,
    buffered: 0,
    last_event_at: '2026-11-20T10:00:00.000Z',
    last_error: null,
    verified: null,
    ...more,
  }
}
