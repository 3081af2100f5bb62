import type { Customer, Team } from '../../domain/directory.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Line, Outcome, Status } from '../../domain/quote.ts'
import type { PlainDateText } from '../../domain/time.ts'

/** Where in which file something came from. `line` counts from 1. */
export interface SourcePlace {
  file: string
  line: number
}

/** `on` is the local date it happened; null when the source does not say, and the instant of the import stands in. */
export interface PlannedStep {
  to_status: Status
  outcome: Outcome | null
  on: PlainDateText | null
}

/** A quote as its source tells it. `team`, `owner` and `customer` are refs within the plan. */
export interface PlannedQuote extends SourcePlace {
  ref: string
  team: string
  owner: string
  customer: string | null
  title: string
  status: Status
  outcome: Outcome | null
  value_minor: number
  currency: string
  lines: Line[]
  expires_on: PlainDateText | null
  /** Oldest first, never empty, ends in `status`. */
  past: PlannedStep[]
}

export interface PlannedPerson extends SourcePlace {
  ref: string
  name: string
  memberships: Array<{ team: string; role: Role }>
}

export type PlannedTeam = Omit<Team, 'id'> & SourcePlace & { ref: string }
export type PlannedCustomer = Omit<Customer, 'id'> & SourcePlace & { ref: string }

/**
 * What an import would do, before any database is looked at. `ref` is what the source calls a thing; (source, ref) makes
 * a second import find it again.
 */
export interface ImportPlan {
  source: string
  teams: PlannedTeam[]
  people: PlannedPerson[]
  customers: PlannedCustomer[]
  quotes: PlannedQuote[]
}
