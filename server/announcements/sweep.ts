import { Cron } from 'croner'
import { dueRule } from '../../domain/alert-rules.ts'
import { addDays, localDate } from '../../domain/expiry.ts'
import { teamStream } from '../../domain/wire/stream-name.ts'
import type { Deps } from '../deps.ts'
import { type ExpiringQuote, listExpiring, toAlertData } from '../quotations/expiring.ts'
import { type Io, messageRoom } from '../socket/types.ts'
import type { Tx } from '../store/tx.ts'

const longestLeadDays = 7

/** @returns whether this lead time of this date had not been announced before */
async function recordAnnouncement(tx: Tx, quote: ExpiringQuote, leadDays: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.db
    .insertInto('expiry_announcements')
    .values({ quote: quote.id, expires_on: quote.expires_on, lead_days: leadDays, at: tx.at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/**
 * Finds open quotes that came within 7, 3, 1 or 0 days of their last valid day and tells subscribers of `expiring_alert`,
 * once for each. Recorded first: a crash in between loses a message, never repeats one. The client's own alerts do not
 * depend on it.
 */
export async function sweepExpiring(io: Io, deps: Pick<Deps, 'store' | 'clock'>): Promise<number> {
  const nowMs = deps.clock.nowMs()
  const due = await listExpiring(deps.store.read, { teamIds: 'all', days: longestLeadDays, nowMs })
  if (due.length === 0) return 0
  const announced = await deps.store.read
    .selectFrom('expiry_announcements')
    .selectAll()
    .where('expires_on', '>=', addDays(localDate(nowMs, 'UTC'), -1))
    .execute()
  const known = new Set(announced.map((row) => `${row.quote} ${row.expires_on} ${row.lead_days}`))
  const news = due.flatMap((quote) => {
    const leadDays = dueRule(quote, nowMs)
    return leadDays === null || known.has(`${quote.id} ${quote.expires_on} ${leadDays}`) ? [] : [{ quote, leadDays }]
  })
  if (news.length === 0) return 0
  const fresh = await deps.store.transact(async (tx) => {
    const recorded: ExpiringQuote[] = []
    for (const { quote, leadDays } of news) {
      if (await recordAnnouncement(tx, quote, leadDays)) recorded.push(quote)
    }
    return recorded
  })
  for (const quote of fresh) {
    io.to(messageRoom('expiring_alert', teamStream(quote.team_id))).emit('message', {
      type: 'expiring_alert',
      data: toAlertData(quote),
    })
  }
  return fresh.length
}

/** Sweeps at once and then each minute. @returns a function that stops it and waits for a sweep under way */
export function startSweep(io: Io, deps: Pick<Deps, 'store' | 'clock' | 'log'>): () => Promise<void> {
  let sweeping: Promise<void> = Promise.resolve()
  const sweep = () => {
    sweeping = sweeping
      .then(async () => void (await sweepExpiring(io, deps)))
      .catch((error: unknown) => deps.log.error({ err: error }, 'looking for expiring quotes failed'))
    return sweeping
  }
  const job = new Cron('* * * * *', { unref: true }, sweep)
  void sweep()
  return async () => {
    job.stop()
    await sweeping
  }
}
