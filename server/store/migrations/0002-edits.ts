import { type Kysely, sql } from 'kysely'

const statements = [
  'alter table history add column note text',
  // JSON objects of the fields that changed, or null.
  'alter table history add column before text',
  'alter table history add column after text',
  // Whose mutation made this version: a client's own earlier edits are no conflict. No part of what the log tells.
  'alter table history add column client_id text',
  `update history set client_id = made.client_id
    from (select client_id, quote, version from mutation_results where version is not null) as made
    where history.quote = made.quote and history.version = made.version`,
  // A retry gets its first answer in the form of now.
  `update mutation_results set result = json_set(result, '$.conflicts', json('[]'))
    where json_extract(result, '$.outcome') = 'rejected'`,
  `alter table clients add column spoke_at text not null default ''`,
  'update clients set spoke_at = created_at',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
