import { type Kysely, sql } from 'kysely'

/** So many changes of rights are remembered: whoever follows them looks every second. */
const rightsKept = 10_000

const noteRights = (person: string, family: string) => `
  insert into rights_changes (person_id, family) values (${person}, ${family});
  delete from rights_changes where seq <= (select max(seq) from rights_changes) - ${rightsKept};`

const statements = [
  // Up to where events have been deleted, and what the chain of checksums was there: from here on it can be verified.
  'alter table streams add column compacted integer not null default 0',
  `alter table streams add column compacted_checksum text not null default ''`,

  // When the last token of the family runs out; null for those made before there was this column.
  'alter table refresh_families add column expires_at text',

  /*
   * Whose rights may have changed, in order: a server looks here each second and with each request, because another
   * process (a CLI command) may have changed them. What it knows of people holds as long as this table does not grow. Triggers, so that no way of changing a right can forget it. `family` is null when the person's
   * teams or account changed, else the sign-in that was voided.
   */
  'create table rights_changes (seq integer primary key autoincrement, person_id text not null, family text)',
  `create trigger rights_family after update of voided_at on refresh_families
    when new.voided_at is not null and old.voided_at is null
    begin ${noteRights('new.person_id', 'new.family')} end`,
  `create trigger rights_forgotten after delete on refresh_families begin ${noteRights('old.person_id', 'old.family')} end`,
  `create trigger rights_person after update on people
    when new.active <> old.active or new.name <> old.name or new.time_zone <> old.time_zone
    begin ${noteRights('new.id', 'null')} end`,
  `create trigger rights_joined after insert on memberships begin ${noteRights('new.person_id', 'null')} end`,
  `create trigger rights_changed after update on memberships begin ${noteRights('new.person_id', 'null')} end`,
  `create trigger rights_left after delete on memberships begin ${noteRights('old.person_id', 'null')} end`,

  // A quote is looked for among the teams of whoever asks: what they may not see is not touched, as if it were not there.
  'create index quotes_team_number on quotes (team_id, quote_id)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
