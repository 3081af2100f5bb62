import { kindOf } from './alert-kinds/all.ts'
import type { Due, EventKind, TimedKind, TimedQuote } from './alert-kinds/kind.ts'
import type { AlertRule } from './alert-rule.ts'
import type { Person } from './directory.ts'
import type { Quote } from './quote.ts'
import { toInstantText } from './time.ts'
import type { WorkingHours } from './working-hours.ts'

/** What planning looks at of a quote. */
export type PlannedQuote = TimedQuote & Pick<Quote, 'id' | 'owner_id' | 'team_id'>

export interface PlannedDue extends Due {
  rule: AlertRule
  family: string
  /** `rank` as text. */
  due_at: string
}

export interface EventRule {
  rule: AlertRule
  kind: EventKind<AlertRule>
}

/** One person's rules over one person's hours: when what comes true. Pure; remembers what dates and zones repeat. */
export interface AlertPlan {
  readonly personId: string
  readonly teamIds: readonly string[]
  readonly rules: readonly AlertRule[]
  readonly hours: WorkingHours
  readonly eventRules: readonly EventRule[]
  rule: (id: string) => AlertRule | null
  /** Whether a rule of this scope is about the quote for this person. */
  concerns: (scope: AlertRule['scope'], quote: Pick<Quote, 'owner_id' | 'team_id'>) => boolean
  /** Every instant at which a timed rule comes true for the quote as it stands, past ones among them. */
  dues: (quote: PlannedQuote) => readonly PlannedDue[]
  /** The earliest of them after an instant; null when none is. */
  nextDue: (quote: PlannedQuote, afterMs: number) => PlannedDue | null
}

interface Family {
  kind: TimedKind<AlertRule>
  members: { rule: AlertRule; kind: TimedKind<AlertRule> }[]
  known: Map<string, readonly PlannedDue[]>
}

/** A key takes about 2 kB with ten rules. */
const rememberedKeys = 10_000

export function createAlertPlan(
  person: Pick<Person, 'id' | 'memberships'>,
  rules: readonly AlertRule[],
  hours: WorkingHours,
): AlertPlan {
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  const teams = new Set(person.memberships.map(({ team_id }) => team_id))
  const families = groupTimed(rules)
  const anyTimed = families.length > 0
  const widest = rules.some(({ scope }) => scope === 'teams')

  const concerns: AlertPlan['concerns'] = (scope, quote) =>
    quote.owner_id === person.id || (scope === 'teams' && teams.has(quote.team_id))

  const duesOf = (family: Family, quote: PlannedQuote): readonly PlannedDue[] => {
    const key = family.kind.memoKey(quote)
    if (key === null) return []
    let dues = family.known.get(key)
    if (!dues) {
      dues = family.members.flatMap(({ rule, kind }) => {
        const due = kind.due(rule, quote, hours)
        return due ? [{ ...due, rule, family: kind.family, due_at: toInstantText(due.rank) }] : []
      })
      if (family.known.size >= rememberedKeys) family.known.clear()
      family.known.set(key, dues)
    }
    return dues
  }

  const dues: AlertPlan['dues'] = (quote) => {
    if (!anyTimed || !concerns(widest ? 'teams' : 'mine', quote)) return []
    const all =
      families.length === 1 && families[0] ? duesOf(families[0], quote) : families.flatMap((f) => duesOf(f, quote))
    return quote.owner_id === person.id ? all : all.filter(({ rule }) => rule.scope === 'teams')
  }

  return {
    personId: person.id,
    teamIds: [...teams].sort(),
    rules,
    hours,
    eventRules: rules.flatMap((rule) => {
      const kind = kindOf(rule)
      return kind?.trigger === 'event' ? [{ rule, kind }] : []
    }),
    rule: (id) => byId.get(id) ?? null,
    concerns,
    dues,
    nextDue: (quote, afterMs) => soonestAfter(dues(quote), afterMs),
  }
}

function groupTimed(rules: readonly AlertRule[]): Family[] {
  const families = new Map<string, Family>()
  for (const rule of rules) {
    const kind = kindOf(rule)
    if (kind?.trigger !== 'time') continue
    const family: Family = families.get(kind.family) ?? { kind, members: [], known: new Map() }
    family.members.push({ rule, kind })
    families.set(kind.family, family)
  }
  return [...families.values()]
}

/** The earliest of them after an instant; null when none is. */
export function soonestAfter(dues: readonly PlannedDue[], afterMs: number): PlannedDue | null {
  let next: PlannedDue | null = null
  for (const due of dues) {
    if (due.due_ms > afterMs && (next === null || due.due_ms < next.due_ms)) next = due
  }
  return next
}

/** Of each family the latest that has come true by `nowMs`: what the quote is to be announced by. */
export function comeTrue(dues: readonly PlannedDue[], nowMs: number): PlannedDue[] {
  const latest = new Map<string, PlannedDue>()
  for (const due of dues) {
    const other = latest.get(due.family)
    if (due.due_ms <= nowMs && (!other || due.rank > other.rank)) latest.set(due.family, due)
  }
  return [...latest.values()]
}
