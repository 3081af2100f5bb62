import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import type { EditRefusalCode } from '../../domain/quote-edit.ts'
import type { EventPlace } from '../../domain/wire/stream-event.ts'
import { teamStream } from '../../domain/wire/stream-name.ts'
import type { RefusalCode } from '../../domain/workflow.ts'
import type { Origin, Tx } from '../store/tx.ts'

/** What every command on a quote answers; a refusal has left no trace. */
export type EditOutcome =
  | { ok: true; quote: Quote; place: EventPlace }
  | { ok: false; code: EditRefusalCode | RefusalCode; message: string }

/** By whom, and in answer to which mutation of which client; null for what comes from no client. */
export interface Authorship {
  actorId: string | null
  origin: Origin | null
}

/** What a change is, beside who made it and where it stands. */
export type ChangeStory = Pick<HistoryEntry, 'kind' | 'from_status'> &
  Partial<Pick<HistoryEntry, 'reason' | 'note' | 'before' | 'after'>>

/** The one history entry of the change that made `quote` what it is, at the place of the event that tells of it. */
export function entryOf(quote: Quote, story: ChangeStory, actorId: string | null, { stream, seq, at }: EventPlace) {
  return {
    quote: quote.id,
    version: quote.version,
    kind: story.kind,
    from_status: story.from_status,
    to_status: quote.status,
    outcome: quote.outcome,
    reason: story.reason ?? null,
    note: story.note ?? null,
    before: story.before ?? null,
    after: story.after ?? null,
    actor_id: actorId,
    at,
    stream,
    seq,
  } satisfies HistoryEntry
}

/** Row, history entry and event of one change within a team, in the caller's transaction. @param quote as changed */
export async function recordChange(
  tx: Tx,
  before: Quote,
  quote: Quote,
  story: ChangeStory,
  { actorId, origin }: Authorship,
): Promise<Extract<EditOutcome, { ok: true }>> {
  await tx.changeQuote(before, quote)
  const { place } = await tx.appendEvent(
    teamStream(quote.team_id),
    (at) => ({ type: 'quote.changed', data: { quote, entry: entryOf(quote, story, actorId, at) } }),
    origin,
  )
  await tx.addHistory(entryOf(quote, story, actorId, place), origin?.client_id)
  return { ok: true, quote, place }
}
