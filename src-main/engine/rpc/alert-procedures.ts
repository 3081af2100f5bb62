import type { AlertCounts } from '../../../domain/rpc/alerts.ts'
import { readDecisions } from '../cache/alert-log.ts'
import { readAlertPage } from '../cache/alert-page.ts'
import { countUnread, readAlert, readHeldSummary, readUnreadKeys } from '../cache/alert-store.ts'
import { NotHereError, RefusedError } from '../outbox/refusal.ts'
import { watch } from '../watching.ts'
import { accountOf, type RpcContext, rpc } from './base.ts'

export const alertProcedures = {
  page: rpc.alerts.page.handler(({ input, context }) => {
    const { read } = accountOf(context).cache
    return { ...readAlertPage(read, input.filter, input), unread: countUnread(read) }
  }),
  watch: rpc.alerts.watch.handler(async function* ({ context, signal }) {
    let told = ''
    for await (const counts of watch(context.engine.statusTick, () => readCounts(context), signal)) {
      const text = JSON.stringify(counts)
      if (text === told) continue
      told = text
      yield counts
    }
  }),
  mark: rpc.alerts.mark.handler(({ input, context }) => {
    accountOf(context).alerts.markAll(input.keys, input.mark)
    return {}
  }),
  markAllRead: rpc.alerts.markAllRead.handler(({ context }) => {
    const { alerts, cache } = accountOf(context)
    return { marked: alerts.markAll(readUnreadKeys(cache.read), { mark: 'read' }) }
  }),
  snooze: rpc.alerts.snooze.handler(({ input, context }) => {
    const { alerts, cache } = accountOf(context)
    const before = readAlert(cache.read, input.key)
    if (!before) throw new NotHereError('This alert is not here any more.')
    const after = inWords(() => alerts.snooze(input.key, input.choice))
    if (after?.state !== 'snoozed') {
      throw new RefusedError('settled', 'This alert has been dealt with already, so there is nothing to put off.')
    }
    return { until: after.release_at }
  }),
  why: rpc.alerts.why.handler(({ input, context }) => ({
    decisions: readDecisions(accountOf(context).cache.read, input.quote),
  })),
  test: rpc.alerts.test.handler(({ input, context }) => {
    if (!accountOf(context).alerts.test(input.rule)) {
      throw new RefusedError('not_found', `There is no rule "${input.rule}" that is switched on.`)
    }
    return {}
  }),
}

function readCounts({ engine }: RpcContext): AlertCounts {
  const current = engine.session.state.get()
  if (current.state === 'signed_out') return { unread: 0, held: 0, next_release_at: null }
  const { read } = current.account.cache
  return { unread: countUnread(read), ...readHeldSummary(read) }
}

/** A calendar that does not open again says so in words. */
function inWords<Result>(act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    if (error instanceof RangeError) throw new RefusedError('never_opens', error.message)
    throw error
  }
}
