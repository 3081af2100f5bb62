import { permissionsIn } from '../../domain/permissions.ts'
import type { Quote } from '../../domain/quote.ts'
import type { EventPlace } from '../../domain/wire/stream-event.ts'
import {
  type Actor,
  applyTransition,
  checkTransition,
  type Transition,
  type TransitionCheck,
} from '../../domain/workflow.ts'
import type { Caller } from '../auth/caller.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { recordChange } from './record-change.ts'

export type StatusChange =
  | { ok: true; quote: Quote; place: EventPlace }
  | { ok: false; refusal: Extract<TransitionCheck, { ok: false }> }

/**
 * Moves a quote one step through the workflow: row, history entry and event in the caller's transaction. The caller has
 * found the quote readable; whether this step is allowed is judged here.
 * @param by the person, or null for the server's own policy
 */
export async function changeStatus(
  tx: Tx,
  quote: Quote,
  wish: { transition: Transition; reason: string | null; origin?: Origin },
  by: Caller | null,
): Promise<StatusChange> {
  const actor: Actor = by
    ? { kind: 'person', permissions: permissionsIn(by.memberships, quote.team_id) }
    : { kind: 'policy' }
  const check = checkTransition(quote, wish.transition, actor, tx.nowMs)
  if (!check.ok) return { ok: false, refusal: check }
  return recordChange(
    tx,
    quote,
    applyTransition(quote, wish.transition, wish.reason, tx.at),
    { kind: 'transition', from_status: quote.status, reason: wish.reason },
    { actorId: by?.id ?? null, origin: wish.origin ?? null },
  )
}
