import type { Kysely } from 'kysely'
import { rowWriter } from './rows.ts'
import type { Tables } from './tables.ts'
import type { Tx } from './tx.ts'

const writeRef = rowWriter('external_refs', ['source', 'ref', 'id'])

/** Remembers under which id a thing of another system lives here, so that importing it again changes nothing. */
export async function saveExternalRef(tx: Tx, ref: { source: string; ref: string; id: string }): Promise<void> {
  writeRef(tx.db, ref)
}

/** All known references of a source: ref → id. */
export async function readExternalRefs(db: Kysely<Tables>, source: string): Promise<Map<string, string>> {
  const rows = await db.selectFrom('external_refs').select(['ref', 'id']).where('source', '=', source).execute()
  return new Map(rows.map((row) => [row.ref, row.id]))
}
