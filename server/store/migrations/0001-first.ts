import { type Kysely, sql } from 'kysely'

const statements = [
  'create table meta (key text primary key, value text not null) without rowid',
  'create table workspace (id text primary key, name text not null, stage_probabilities text not null) without rowid',
  'create table teams (id text primary key, name text not null) without rowid',
  `create table people (
    id text primary key, name text not null, time_zone text not null,
    active integer not null check (active in (0, 1))
  ) without rowid`,
  `create table memberships (
    person_id text not null references people (id), team_id text not null references teams (id),
    role text not null check (role in ('viewer', 'rep', 'manager', 'admin')),
    primary key (person_id, team_id)
  ) without rowid`,
  'create index memberships_team on memberships (team_id)',
  `create table credentials (
    person_id text primary key references people (id), email text not null unique, password_hash text
  ) without rowid`,
  `create table refresh_families (
    family text primary key, person_id text not null references people (id),
    created_at text not null, voided_at text
  ) without rowid`,
  'create index refresh_families_person on refresh_families (person_id)',
  `create table refresh_tokens (
    token_hash text primary key, family text not null references refresh_families (family) on delete cascade,
    person_id text not null references people (id), expires_at text not null, used_at text, successor_hash text
  ) without rowid`,
  'create index refresh_tokens_family on refresh_tokens (family)',
  `create table customers (
    id text primary key, name text not null, sector text, country text, contact_name text, contact_email text
  ) without rowid`,
  'create index customers_name on customers (name, id)',
  `create table quotes (
    id text primary key, quote_id integer unique, revision integer not null, version integer not null,
    team_id text not null references teams (id), owner_id text not null references people (id),
    customer_id text references customers (id), title text not null,
    status text not null check (status in ('draft', 'active', 'sent', 'negotiation', 'closed')),
    outcome text, reason text, value_minor integer not null check (value_minor >= 0), currency text not null,
    lines text not null, expires_on text, time_zone text not null, sent_at text, closed_at text,
    created_at text not null, updated_at text not null,
    check ((status = 'closed') = (outcome is not null))
  )`,
  // Covers the sums of the metrics, so that they never touch the wide rows.
  'create index quotes_sums on quotes (team_id, status, outcome, currency, value_minor)',
  'create index quotes_team on quotes (team_id, id)',
  `create index quotes_expiring on quotes (expires_on, team_id) where status in ('active', 'sent', 'negotiation')`,
  'create table quote_numbers (name text primary key, last integer not null) without rowid',
  `create table history (
    quote text not null references quotes (id), version integer not null, kind text not null,
    from_status text, to_status text not null, outcome text, reason text, actor_id text,
    at text not null, stream text not null, seq integer not null,
    primary key (quote, version)
  ) without rowid`,
  `create table streams (
    stream text primary key, head integer not null, floor integer not null, checksum text not null
  ) without rowid`,
  'create table events (stream text not null, seq integer not null, body text not null, primary key (stream, seq))',
  `create table clients (
    client_id text primary key, person_id text not null references people (id),
    last_mutation_id integer not null, created_at text not null
  ) without rowid`,
  `create table mutation_results (
    client_id text not null references clients (client_id), mutation_id integer not null,
    quote text not null, version integer, result text not null,
    primary key (client_id, mutation_id)
  ) without rowid`,
  `create table external_refs (
    source text not null, ref text not null, id text not null, primary key (source, ref)
  ) without rowid`,
  `create table expiry_announcements (
    quote text not null references quotes (id), expires_on text not null, lead_days integer not null,
    at text not null, primary key (quote, expires_on, lead_days)
  ) without rowid`,
  `insert into quote_numbers (name, last) values ('quote', 0)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
