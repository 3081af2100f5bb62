import { permissionsIn } from '../../domain/permissions.ts'
import type { Assignment, Quote } from '../../domain/quote.ts'
import { applyEdit, changedFields, checkReassign, valuesOf } from '../../domain/quote-edit.ts'
import { teamStream } from '../../domain/wire/stream-name.ts'
import type { Caller } from '../auth/caller.ts'
import { findPerson } from '../people/queries.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { listHistory } from './queries.ts'
import { type Authorship, type ChangeStory, type EditOutcome, entryOf, recordChange } from './record-change.ts'

/**
 * Gives a quote to another owner, in its team or another one: row, history entry and events in the caller's transaction.
 * The caller has found the quote readable.
 */
export async function reassignQuote(
  tx: Tx,
  quote: Quote,
  wish: { to: Assignment; origin: Origin | null },
  by: Caller,
): Promise<EditOutcome> {
  const permissions = permissionsIn(by.memberships, quote.team_id)
  const check = checkReassign(quote, wish.to, await findPerson(tx.db, wish.to.owner_id), permissions)
  if (!check.ok) return check
  const after = changedFields(quote, wish.to)
  const before = valuesOf(quote, Object.keys(after) as (keyof Assignment)[])
  const moved = applyEdit(quote, after, tx.at)
  const story: ChangeStory = { kind: 'reassigned', from_status: quote.status, before, after }
  const authorship = { actorId: by.id, origin: wish.origin }
  if (moved.team_id === quote.team_id) return recordChange(tx, quote, moved, story, authorship)
  return moveToTeam(tx, quote, moved, story, authorship)
}

/**
 * Leaves one audience and enters another. The new one is told first and the quote leaves the old one last: a client that
 * reads both never loses it in between, and the place that answers the mutation is of a stream that its client reads.
 */
async function moveToTeam(
  tx: Tx,
  quote: Quote,
  moved: Quote,
  story: ChangeStory,
  { actorId, origin }: Authorship,
): Promise<EditOutcome> {
  const history = await listHistory(tx.db, quote.id)
  await tx.changeQuote(quote, moved)
  const added = await tx.appendEvent(
    teamStream(moved.team_id),
    (at) => ({
      type: 'quote.added',
      data: { quote: moved, history: [...history, entryOf(moved, story, actorId, at)] },
    }),
    origin,
  )
  await tx.addHistory(entryOf(moved, story, actorId, added.place), origin?.client_id)
  const { place } = await tx.appendEvent(
    teamStream(quote.team_id),
    { type: 'quote.removed', data: { id: quote.id } },
    origin,
  )
  return { ok: true, quote: moved, place }
}
