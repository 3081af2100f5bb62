import type { Generated } from 'kysely'
import type { Customer, Person, Team } from '../../domain/directory.ts'
import type { HistoryEntry, Quote } from '../../domain/quote.ts'

/** The domain quote, column by column; `lines` is JSON text because nothing on the server asks questions about a line. */
export interface QuoteRow extends Omit<Quote, 'lines'> {
  lines: string
}

/** The history entry with its changed fields as JSON text, and whose mutation made it: that is for conflicts alone. */
export interface HistoryRow extends Omit<HistoryEntry, 'before' | 'after'> {
  before: string | null
  after: string | null
  client_id: string | null
}

/** SQLite has no booleans: `active` is 0 or 1. */
export interface PersonRow extends Omit<Person, 'active' | 'memberships'> {
  active: number
}

/** Every table of the server's database. Instants and dates are text, money is integer minor units. */
export interface Tables {
  meta: { key: string; value: string }
  workspace: { id: string; name: string; stage_probabilities: string }
  teams: Team
  people: PersonRow
  memberships: { person_id: string; team_id: string; role: string }
  /** What signing in needs and nobody else may see. */
  credentials: { person_id: string; email: string; password_hash: string | null }
  refresh_tokens: {
    token_hash: string
    family: string
    person_id: string
    expires_at: string
    used_at: string | null
    successor_hash: string | null
  }
  /** A family that is not here (any more) refreshes nothing. */
  refresh_families: {
    family: string
    person_id: string
    created_at: string
    voided_at: string | null
    /** When its last token runs out; null in families older than this column. */
    expires_at: string | null
  }
  /** Whose rights may have changed, written by triggers; `family` is the sign-in that was voided, null for the rest. */
  rights_changes: { seq: Generated<number>; person_id: string; family: string | null }
  customers: Customer
  quotes: QuoteRow
  quote_numbers: { name: string; last: number }
  history: HistoryRow
  /**
   * `checksum` chains over every event so far: what a verify compares, because quick_check misses overwritten pages.
   * Cursors below `floor` are not served; events up to `compacted` (at most `floor`) are deleted.
   */
  streams: {
    stream: string
    head: number
    floor: number
    checksum: string
    compacted: Generated<number>
    compacted_checksum: Generated<string>
  }
  events: { stream: string; seq: number; body: string }
  /** Never deleted: `last_mutation_id` is what keeps a very late retry from a second effect. */
  clients: { client_id: string; person_id: string; last_mutation_id: number; created_at: string; spoke_at: string }
  mutation_results: {
    client_id: string
    mutation_id: number
    /** Version that the mutation made; null when it was rejected. */
    version: number | null
    result: string
  }
  /** Where an imported thing came from: makes a second import change nothing. */
  external_refs: { source: string; ref: string; id: string }
  alert_policy: { id: string; version: number; policy: string }
  alert_settings: { person_id: string; version: number; settings: string }
  /** `alert` is a SharedAlert as JSON; `waits_since` is set while it may have to go to a manager. */
  alerts: { person_id: string; key: string; alert: string; waits_since: string | null }
  expiry_announcements: { quote: string; expires_on: string; lead_days: number; at: string }
}
