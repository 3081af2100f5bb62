import type { ShownAlert } from '../../../domain/rpc/alerts.ts'
import { makeRow } from './rows.ts'

/** An alert that was told and that nobody has looked at. */
export function makeAlert(number: number, change: Partial<ShownAlert> = {}): ShownAlert {
  const { id } = makeRow(number)
  return {
    key: `${id}:expires-3:2026-11-23`,
    quote: id,
    rule: 'expires-3',
    kind: 'expires_in',
    occasion: '2026-11-23',
    severity: 'normal',
    state: 'shown',
    due_at: '2026-11-20T09:00:00.000Z',
    release_at: '2026-11-20T09:00:00.000Z',
    decided_at: '2026-11-20T09:00:00.000Z',
    reason: 'shown',
    title: `Q-${number} expires in 3 days`,
    body: 'Acme Corp · €4,500.00',
    shown_at: '2026-11-20T09:00:00.000Z',
    read_at: null,
    acknowledged_at: null,
    resolved_at: null,
    note: null,
    dismissed_at: null,
    quote_label: `Q-${number}`,
    customer_name: 'Acme Corp',
    escalated_from: null,
    escalated_at: null,
    ...change,
  }
}
