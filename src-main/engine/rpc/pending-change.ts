import type { PendingChange } from '../../../domain/rpc/quotes.ts'
import { transitionLabel } from '../../../domain/workflow.ts'
import type { OutboxEntry } from '../cache/outbox-store.ts'
import { transitionOf } from '../cache/overlay.ts'

/** An outbox entry for people. Its `mutation_id` here is the name this machine knows it by. */
export function toPendingChange(entry: OutboxEntry): PendingChange {
  return {
    mutation_id: entry.entry,
    quote: entry.quote,
    quote_label: entry.quote_label,
    customer_name: entry.customer_name,
    what: transitionLabel(transitionOf(entry)),
    queued_at: entry.queued_at,
    state: stateOf(entry),
  }
}

function stateOf({ state, code, message }: OutboxEntry): PendingChange['state'] {
  if (state !== 'refused') return { kind: state }
  if (code === null || message === null) throw new Error('a refused change has lost its reason')
  return { kind: 'refused', code, message }
}
