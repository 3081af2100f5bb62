import type { QuoteFilter } from '../../../domain/rpc/quotes.ts'
import { expiringTerm } from './expiring-soon.ts'
import { stageOf } from './quote-row.ts'
import type { ReadableDb, SqlValue } from './sql.ts'

/** A WHERE clause and its values. `terms` is empty when nothing restricts. */
export interface Condition {
  terms: string[]
  values: SqlValue[]
}

/**
 * The filter as SQL over columns of `quotes_filter`; full text apart.
 * @param nowMs what "expired" and "expiring" compare with; "within n days" is calendar days in each quote's own zone
 */
export function filterCondition(db: ReadableDb, filter: QuoteFilter, nowMs: number): Condition {
  const condition: Condition = { terms: [], values: [] }
  const add = (term: string, ...values: SqlValue[]) => {
    condition.terms.push(term)
    condition.values.push(...values)
  }
  const anyOf = (column: string, members: readonly SqlValue[]) => {
    if (members.length > 0) add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(members))
  }
  anyOf('stage', filter.statuses.map(stageOf))
  anyOf('outcome', filter.outcomes)
  anyOf('owner_id', filter.owner_ids)
  anyOf('team_id', filter.team_ids)
  anyOf('customer_id', filter.customer_ids)
  anyOf('currency', filter.currencies)
  if (filter.value_min_minor !== null) add('value_minor >= ?', filter.value_min_minor)
  if (filter.value_max_minor !== null) add('value_minor <= ?', filter.value_max_minor)
  if (filter.incomplete !== null) add('incomplete = ?', filter.incomplete ? 1 : 0)
  if (filter.expiring_within_days !== null) {
    const { term, values } = expiringTerm(db, nowMs, filter.expiring_within_days)
    add(term, ...values)
  }
  if (filter.expired === true) add('stage < 4 AND expires_at_ms <= ?', nowMs)
  if (filter.expired === false) add('(stage = 4 OR expires_at_ms IS NULL OR expires_at_ms > ?)', nowMs)
  return condition
}

export const usesTime = (filter: QuoteFilter): boolean =>
  filter.expiring_within_days !== null || filter.expired !== null
