import type { Deps } from '../deps.ts'
import type { SignedInRest } from '../http/rest.ts'
import { readableTeams } from '../quotes/policy.ts'
import { listExpiring, toAlertData } from './expiring.ts'
import { updateStatus } from './update-status.ts'

/** The three routes that other systems already speak. */
export function quotationRoutes(rest: SignedInRest, deps: Pick<Deps, 'store' | 'clock' | 'metrics'>) {
  const { store, clock, metrics } = deps
  return {
    metrics: rest.quotations.metrics.handler(({ context }) => metrics.read(readableTeams(context.caller))),

    updateStatus: rest.quotations.updateStatus.handler(({ input, context }) =>
      store.transact((tx) => updateStatus(tx, input, context.caller)),
    ),

    expiring: rest.quotations.expiring.handler(async ({ input, context }) => {
      const teamIds = readableTeams(context.caller)
      const expiring = await listExpiring(store.read, { teamIds, days: input.days, nowMs: clock.nowMs() })
      return { days: input.days, quotations: expiring.map(toAlertData) }
    }),
  }
}
