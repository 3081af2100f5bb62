import type { SharedAlert } from '../../../domain/alert-share.ts'
import type { Alert } from '../../../domain/alert-state.ts'
import { quoteLabel } from '../../../domain/ids.ts'
import type { AlertFilter, ShownAlert } from '../../../domain/rpc/alerts.ts'
import { inSight } from './alert-store.ts'
import type { ReadableDb } from './sql.ts'

const isHandled = '(acknowledged_at IS NOT NULL OR resolved_at IS NOT NULL OR dismissed_at IS NOT NULL)'

const stateTerms: Record<AlertFilter['state'], string[]> = {
  open: ['shown_at IS NOT NULL', `NOT ${isHandled}`],
  history: ['shown_at IS NOT NULL', isHandled],
  all: ['shown_at IS NOT NULL'],
  waiting: [`state IN ('held', 'snoozed')`],
}

function termsOf({ unread, severities, kinds, quote, state }: AlertFilter): { where: string; values: string[] } {
  const terms = [inSight, ...stateTerms[state]]
  const values: string[] = []
  if (unread) terms.push('read_at IS NULL')
  for (const [column, wanted] of [
    ['kind', kinds],
    ['severity', severities],
  ] as const) {
    if (wanted.length === 0) continue
    terms.push(`${column} IN (SELECT value FROM json_each(?))`)
    values.push(JSON.stringify(wanted))
  }
  if (quote !== null) {
    terms.push('quote = ?')
    values.push(quote)
  }
  return { where: terms.join(' AND '), values }
}

type PageRow = Omit<Alert, 'toast'> & {
  label_number: number | null
  label_revision: number | null
  customer_name: string | null
  shared: string | null
}

/** One page of the alert centre: what was told latest first; of what waits, what is told next. */
export function readAlertPage(
  db: ReadableDb,
  filter: AlertFilter,
  { offset, limit }: { offset: number; limit: number },
): { alerts: ShownAlert[]; total: number } {
  const { where, values } = termsOf(filter)
  const order = filter.state === 'waiting' ? 'release_at, n' : 'shown_at DESC, n DESC'
  const rows = db.all<PageRow>(
    `SELECT key, quote, rule, kind, occasion, severity, state, due_at, release_at, decided_at, reason, title, body,
       shown_at, read_at, acknowledged_at, resolved_at, note, dismissed_at,
       (SELECT quote_id FROM quotes WHERE quotes.id = alerts.quote) AS label_number,
       (SELECT revision FROM quotes WHERE quotes.id = alerts.quote) AS label_revision,
       (SELECT customer_name FROM quotes WHERE quotes.id = alerts.quote) AS customer_name,
       (SELECT alert FROM shared_alerts WHERE shared_alerts.key = alerts.key) AS shared
     FROM alerts WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
    ...values,
    limit,
    offset,
  )
  return {
    alerts: rows.map((row) => toShown(db, row)),
    total: db.value<number>(`SELECT count(*) FROM alerts WHERE ${where}`, ...values) ?? 0,
  }
}

function toShown(db: ReadableDb, { label_number, label_revision, shared, ...alert }: PageRow): ShownAlert {
  const known = shared === null ? null : (JSON.parse(shared) as SharedAlert)
  const from = known?.escalated_from ?? null
  return {
    ...alert,
    quote_label: label_revision === null ? null : quoteLabel({ quote_id: label_number, revision: label_revision }),
    escalated_from: from && {
      person_name: db.value<string>('SELECT name FROM people WHERE id = ?', from.person_id) ?? null,
      trail: from.trail,
    },
    escalated_at: known?.escalated_at ?? null,
  }
}
