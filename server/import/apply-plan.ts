import { defaultStageProbabilities } from '../../domain/directory.ts'
import { newEntityId } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { saveWorkspace } from '../workspace/commands.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { applyCustomers, applyPeople, applyTeams, type Tally } from './apply-directory.ts'
import { applyQuotes, type OnProgress } from './apply-quotes.ts'
import { KnownThings } from './known-things.ts'
import type { ImportPlan } from './plan.ts'

export interface ApplyOptions {
  /** Name of the workspace, if the database has none yet. */
  workspaceName: string
  timeZone: string
  onProgress: OnProgress
}

export interface Applied {
  workspace: { name: string; made: boolean }
  teams: Tally
  people: Tally
  customers: Tally
  quotes: Tally
  events: number
}

/** Writes the plan in one transaction, with the events that tell of it. What an earlier import made is left as it is. */
export function applyPlan(store: Store, plan: ImportPlan, options: ApplyOptions): Promise<Applied> {
  return store.transact(async (tx) => {
    const existing = await findWorkspace(tx.db)
    const name = existing?.name ?? options.workspaceName
    if (!existing) {
      await saveWorkspace(tx, { id: newEntityId(tx.nowMs), name, stage_probabilities: defaultStageProbabilities })
    }
    const known = await KnownThings.load(tx, plan.source)
    const teams = await applyTeams(tx, plan, known)
    const people = await applyPeople(tx, plan, known, options.timeZone)
    const customers = await applyCustomers(tx, plan, known)
    const quotes = await applyQuotes(tx, plan, known, options.timeZone, options.onProgress)
    return { workspace: { name, made: !existing }, teams, people, customers, quotes, events: tx.events.length }
  })
}
