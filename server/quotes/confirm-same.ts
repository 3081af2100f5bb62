import { permissionsIn } from '../../domain/permissions.ts'
import type { Quote } from '../../domain/quote.ts'
import { applyEdit } from '../../domain/quote-edit.ts'
import type { Caller } from '../auth/caller.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { type EditOutcome, recordChange } from './record-change.ts'

/**
 * Two people made the same change without knowing of each other: the second one's stands in the history as theirs, and
 * nothing is left to change. Refusing it would call a fulfilled wish a failure.
 */
export async function confirmSame(
  tx: Tx,
  quote: Quote,
  wish: { kind: 'transition' | 'reassigned'; reason: string | null; origin: Origin | null },
  by: Caller,
): Promise<EditOutcome> {
  const needed = wish.kind === 'transition' ? 'quotes:write' : 'quotes:reassign'
  if (!permissionsIn(by.memberships, quote.team_id).has(needed)) {
    return { ok: false, code: 'needs_permission', message: `This change needs the permission ${needed}.` }
  }
  const story =
    wish.kind === 'transition'
      ? ({ kind: 'transition', from_status: quote.status, reason: wish.reason } as const)
      : ({ kind: 'reassigned', from_status: quote.status, before: {}, after: {} } as const)
  return recordChange(tx, quote, applyEdit(quote, {}, tx.at), story, { actorId: by.id, origin: wish.origin })
}
