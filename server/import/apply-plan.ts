import type { Store } from '../store/store.ts'
import { ensureWorkspace } from '../workspace/ensure.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { applyCustomers, applyPeople, applyTeams, type Tally } from './apply-directory.ts'
import { applyQuotes, type OnProgress } from './apply-quotes.ts'
import { reportDifferences } from './differences.ts'
import { KnownThings } from './known-things.ts'
import type { ImportPlan } from './plan.ts'
import type { ImportReport } from './report.ts'

export interface ApplyOptions {
  /** Name of the workspace, if the database has none yet. */
  workspaceName: string
  timeZone: string
  onProgress: OnProgress
  /** Gets a line for each quote that is here already, but is not what the file says. */
  report: ImportReport
}

export interface Applied {
  workspace: { name: string; made: boolean }
  teams: Tally
  people: Tally
  customers: Tally
  /** `differing`: of those already here, how many are not what the file says. */
  quotes: Tally & { differing: number }
  events: number
}

/** Writes the plan in one transaction, with the events that tell of it. What an earlier import made is left as it is. */
export function applyPlan(store: Store, plan: ImportPlan, options: ApplyOptions): Promise<Applied> {
  return store.transact(async (tx) => {
    const made = (await findWorkspace(tx.db)) === null
    const { name } = await ensureWorkspace(tx, options.workspaceName)
    const known = await KnownThings.load(tx, plan.source)
    const teams = await applyTeams(tx, plan, known)
    const people = await applyPeople(tx, plan, known, options.timeZone)
    const customers = await applyCustomers(tx, plan, known)
    const differing = await reportDifferences(tx, plan, known, options.report)
    const quotes = await applyQuotes(tx, plan, known, options.timeZone, options.onProgress)
    return {
      workspace: { name, made },
      teams,
      people,
      customers,
      quotes: { ...quotes, differing },
      events: tx.events.length,
    }
  })
}
