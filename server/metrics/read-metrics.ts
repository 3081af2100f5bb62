import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Kysely } from 'kysely'
import { defaultStageProbabilities } from '../../domain/directory.ts'
import { type StatusSum, summarisePipeline } from '../../domain/pipeline.ts'
import { outcomes, statuses } from '../../domain/quote.ts'
import type { RestContract } from '../../domain/rest/contract.ts'
import { type Clock, toInstantText } from '../../domain/time.ts'
import { teamStream } from '../../domain/wire/stream-name.ts'
import { listExpiring } from '../quotations/expiring.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { findWorkspace } from '../workspace/queries.ts'

export type Metrics = InferContractRouterOutputs<RestContract>['quotations']['metrics']

export interface MetricsReader {
  read(teamIds: readonly string[]): Promise<Metrics>
}

/** Days pass also when nothing changes: what depends on the date is reckoned again after this. */
const keepMs = 30_000
const maxKept = 200
const expiringDays = 7

interface Kept {
  heads: string
  atMs: number
  metrics: Promise<Metrics>
}

/**
 * Counts over what a set of teams holds. Kept until one of their streams moves on; people with the same teams share it,
 * and a calculation under way is joined, so that many who ask at once cost one calculation per set of teams.
 */
export function createMetricsReader(store: Store, clock: Clock): MetricsReader {
  const kept = new Map<string, Kept>()
  return {
    read: (teamIds) => {
      const key = teamIds.toSorted().join(' ')
      const heads = teamIds.map((team) => store.publishedHead(teamStream(team))).join(' ')
      const nowMs = clock.nowMs()
      const known = kept.get(key)
      if (known && known.heads === heads && nowMs - known.atMs < keepMs) return known.metrics
      const oldest = kept.size >= maxKept ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
      const metrics = calculate(store.read, teamIds, nowMs)
      kept.set(key, { heads, atMs: nowMs, metrics })
      metrics.catch(() => kept.delete(key))
      return metrics
    },
  }
}

async function calculate(db: Kysely<Tables>, teamIds: readonly string[], nowMs: number): Promise<Metrics> {
  const rows =
    teamIds.length === 0
      ? []
      : await db
          .selectFrom('quotes')
          .select((eb) => [
            'status',
            'outcome',
            'currency',
            eb.fn.countAll<number>().as('count'),
            eb.fn.sum<number>('value_minor').as('value_minor'),
          ])
          .where('team_id', 'in', teamIds)
          .groupBy(['status', 'outcome', 'currency'])
          .execute()
  const countBy = (matches: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(matches).reduce((sum, row) => sum + row.count, 0)
  const wonValue: Record<string, number> = {}
  for (const row of rows) {
    if (row.outcome === 'won') wonValue[row.currency] = (wonValue[row.currency] ?? 0) + row.value_minor
  }
  const workspace = await findWorkspace(db)
  const sums: StatusSum[] = rows
  const expiring = await listExpiring(db, { teamIds, days: expiringDays, nowMs })
  return {
    total: countBy(() => true),
    by_status: toRecord(statuses, (status) => countBy((row) => row.status === status)),
    by_outcome: toRecord(outcomes, (outcome) => countBy((row) => row.outcome === outcome)),
    pipeline: summarisePipeline(sums, workspace?.stage_probabilities ?? defaultStageProbabilities),
    won_value: wonValue,
    expiring_within_7_days: expiring.length,
    calculated_at: toInstantText(nowMs),
  }
}

function toRecord<Key extends string>(keys: readonly Key[], valueOf: (key: Key) => number): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<Key, number>
}
