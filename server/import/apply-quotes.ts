import { daysBeforeExpiryMs } from '../../domain/expiry.ts'
import { type InstantText, type PlainDateText, toInstantText } from '../../domain/time.ts'
import { newEntityId } from '../ids.ts'
import { addQuote, type PastEntry } from '../quotes/add-quote.ts'
import type { Tx } from '../store/tx.ts'
import { emptyTally, type Tally } from './apply-directory.ts'
import type { KnownThings } from './known-things.ts'
import type { ImportPlan, PlannedQuote } from './plan.ts'

/** Called now and then with how many quotes of the plan are done. */
export type OnProgress = (done: number) => void

export async function applyQuotes(
  tx: Tx,
  plan: ImportPlan,
  known: KnownThings,
  timeZone: string,
  onProgress: OnProgress,
): Promise<Tally> {
  const tally = emptyTally()
  for (const [index, planned] of plan.quotes.entries()) {
    if (known.find('quote', planned.ref) === null) {
      await applyQuote(tx, planned, known, timeZone)
      tally.added += 1
    } else tally.already_here += 1
    onProgress(index + 1)
  }
  return tally
}

async function applyQuote(tx: Tx, planned: PlannedQuote, known: KnownThings, timeZone: string): Promise<void> {
  const past = toPast(tx, planned, timeZone)
  const id = newEntityId(tx.nowMs)
  const { title, status, outcome, value_minor, currency, lines, expires_on } = planned
  await addQuote(
    tx,
    {
      id,
      team_id: known.mustFind('team', planned.team),
      owner_id: known.mustFind('person', planned.owner),
      customer_id: planned.customer === null ? null : known.mustFind('customer', planned.customer),
      title,
      status,
      outcome,
      reason: null,
      value_minor,
      currency,
      lines,
      expires_on,
      time_zone: timeZone,
      sent_at: instantOf(planned.past.findLast((step) => step.to_status === 'sent')?.on ?? null, timeZone),
      closed_at: status === 'closed' ? instantOf(planned.past.at(-1)?.on ?? null, timeZone) : null,
      created_at: past[0]?.at ?? tx.at,
      updated_at: past.at(-1)?.at ?? tx.at,
    },
    past,
  )
  await known.remember('quote', planned.ref, id)
}

function toPast(tx: Tx, planned: PlannedQuote, timeZone: string): PastEntry[] {
  return planned.past.map(({ to_status, outcome, on }, index) => ({
    kind: 'imported',
    from_status: planned.past[index - 1]?.to_status ?? null,
    to_status,
    outcome,
    reason: null,
    actor_id: null,
    at: instantOf(on, timeZone) ?? tx.at,
  }))
}

/** A source that knows the day only is taken at the start of that day, where the workspace's quotes are. */
function instantOf(date: PlainDateText | null, time_zone: string): InstantText | null {
  return date === null ? null : toInstantText(daysBeforeExpiryMs({ expires_on: date, time_zone }, 0))
}
