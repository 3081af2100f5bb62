import { type Kysely, sql } from 'kysely'

const statements = [
  // What an answer was about stands in the answer itself; edits of alerts and settings are about no quote.
  'alter table mutation_results drop column quote',

  `create table alert_policy (
    id text primary key references workspace (id), version integer not null, policy text not null
  ) without rowid`,
  `create table alert_settings (
    person_id text primary key references people (id), version integer not null, settings text not null
  ) without rowid`,
  // `waits_since`: shown and not dealt with, so that it may have to go to a manager; null for all others.
  `create table alerts (
    person_id text not null references people (id), key text not null, alert text not null, waits_since text,
    primary key (person_id, key)
  ) without rowid`,
  'create index alerts_waiting on alerts (waits_since) where waits_since is not null',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
