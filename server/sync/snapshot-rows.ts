import type { Kysely } from 'kysely'
import type { StreamChange } from '../../domain/wire/stream-event.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { listPeople } from '../people/queries.ts'
import { toQuote } from '../store/rows.ts'
import type { Tables } from '../store/tables.ts'
import { findWorkspace } from '../workspace/queries.ts'

/** The state of a stream as changes, in pages of at most `pageRows`, and how many rows there are in all. */
export interface SnapshotRows {
  total: number
  pages: AsyncIterable<StreamChange[]>
}

/** @param db a read session: all pages must see one instant */
export async function snapshotRows(db: Kysely<Tables>, stream: StreamName, pageRows: number): Promise<SnapshotRows> {
  const [kind, id] = stream.split(':')
  if (kind === 'team' && id !== undefined) {
    const { total } = await db
      .selectFrom('quotes')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('team_id', '=', id)
      .executeTakeFirstOrThrow()
    return { total, pages: teamPages(db, id, pageRows) }
  }
  const rows = await orgRows(db)
  return { total: rows.length, pages: inPages(rows, pageRows) }
}

async function* teamPages(db: Kysely<Tables>, teamId: string, pageRows: number): AsyncGenerator<StreamChange[]> {
  let after = ''
  for (;;) {
    const rows = await db
      .selectFrom('quotes')
      .selectAll()
      .where('team_id', '=', teamId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    const ids = rows.map((row) => row.id)
    const entries = await db
      .selectFrom('history')
      .selectAll()
      .where('quote', 'in', ids)
      .orderBy('quote')
      .orderBy('version')
      .execute()
    const byQuote = Map.groupBy(entries, (entry) => entry.quote)
    yield rows.map((row) => ({
      type: 'quote.added',
      data: { quote: toQuote(row), history: byQuote.get(row.id) ?? [] },
    }))
    if (rows.length < pageRows) return
    after = last.id
  }
}

async function orgRows(db: Kysely<Tables>): Promise<StreamChange[]> {
  const workspace = await findWorkspace(db)
  const teams = await db.selectFrom('teams').selectAll().orderBy('id').execute()
  const customers = await db.selectFrom('customers').selectAll().orderBy('id').execute()
  return [
    ...(workspace ? [{ type: 'workspace.saved' as const, data: workspace }] : []),
    ...teams.map((data) => ({ type: 'team.saved' as const, data })),
    ...(await listPeople(db)).map((data) => ({ type: 'person.saved' as const, data })),
    ...customers.map((data) => ({ type: 'customer.saved' as const, data })),
  ]
}

async function* inPages(rows: readonly StreamChange[], pageRows: number): AsyncGenerator<StreamChange[]> {
  for (let start = 0; start < rows.length; start += pageRows) {
    yield await Promise.resolve(rows.slice(start, start + pageRows))
  }
}
