import type { Kysely } from 'kysely'
import type { StreamChange } from '../../domain/wire/stream-event.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { findPolicy, findSettings, listAlertsAfter } from '../alerts/queries.ts'
import { listPeopleAfter } from '../people/queries.ts'
import { historyColumns, toHistoryEntry, toQuote } from '../store/rows.ts'
import type { Tables } from '../store/tables.ts'
import { findWorkspace } from '../workspace/queries.ts'

/** The state of a stream as changes, in the order of the protocol, and how many there are in all. */
export interface SnapshotRows {
  total: number
  /** Short enough that reading one does not hold the event loop; let others have a turn between them. */
  slices: AsyncIterable<StreamChange[]>
}

const sliceRows = 200

/** @param db a read session: all slices must see one instant */
export async function snapshotRows(db: Kysely<Tables>, stream: StreamName): Promise<SnapshotRows> {
  const [kind, id] = stream.split(':')
  if (kind === 'team' && id !== undefined) return { total: await countQuotes(db, id), slices: quoteSlices(db, id) }
  if (kind === 'user' && id !== undefined) return { total: await countUser(db, id), slices: userSlices(db, id) }
  return { total: await countOrg(db), slices: orgSlices(db) }
}

async function countQuotes(db: Kysely<Tables>, teamId: string): Promise<number> {
  const { total } = await db
    .selectFrom('quotes')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('team_id', '=', teamId)
    .executeTakeFirstOrThrow()
  return total
}

async function countOrg(db: Kysely<Tables>): Promise<number> {
  let total = 0
  for (const table of ['workspace', 'alert_policy', 'teams', 'people', 'customers'] as const) {
    const { rows } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    total += rows
  }
  return total
}

async function* quoteSlices(db: Kysely<Tables>, teamId: string): AsyncGenerator<StreamChange[]> {
  let after = ''
  for (;;) {
    const rows = await db
      .selectFrom('quotes')
      .selectAll()
      .where('team_id', '=', teamId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(sliceRows)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    const ids = rows.map((row) => row.id)
    const entries = await db
      .selectFrom('history')
      .select(historyColumns)
      .where('quote', 'in', ids)
      .orderBy('quote')
      .orderBy('version')
      .execute()
    const byQuote = Map.groupBy(entries.map(toHistoryEntry), (entry) => entry.quote)
    yield rows.map((row) => ({
      type: 'quote.added',
      data: { quote: toQuote(row), history: byQuote.get(row.id) ?? [] },
    }))
    if (rows.length < sliceRows) return
    after = last.id
  }
}

async function* orgSlices(db: Kysely<Tables>): AsyncGenerator<StreamChange[]> {
  const workspace = await findWorkspace(db)
  if (workspace) yield [{ type: 'workspace.saved', data: workspace }]
  const policy = await findPolicy(db)
  if (policy) yield [{ type: 'policy.saved', data: policy }]
  const teams = (after: string) =>
    db.selectFrom('teams').selectAll().where('id', '>', after).orderBy('id').limit(sliceRows).execute()
  for await (const data of slicesById(teams)) {
    yield data.map((team) => ({ type: 'team.saved', data: team }))
  }
  for await (const data of slicesById((after) => listPeopleAfter(db, after, sliceRows))) {
    yield data.map((person) => ({ type: 'person.saved', data: person }))
  }
  const customers = (after: string) =>
    db.selectFrom('customers').selectAll().where('id', '>', after).orderBy('id').limit(sliceRows).execute()
  for await (const data of slicesById(customers)) {
    yield data.map((customer) => ({ type: 'customer.saved', data: customer }))
  }
}

async function countUser(db: Kysely<Tables>, personId: string): Promise<number> {
  const { rows } = await db
    .selectFrom('alerts')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  return rows + ((await findSettings(db, personId)) ? 1 : 0)
}

async function* userSlices(db: Kysely<Tables>, personId: string): AsyncGenerator<StreamChange[]> {
  const settings = await findSettings(db, personId)
  if (settings) yield [{ type: 'settings.saved', data: settings }]
  const alerts = slicesBy(
    (after) => listAlertsAfter(db, personId, after, sliceRows),
    ({ key }) => key,
  )
  for await (const data of alerts) yield data.map((alert) => ({ type: 'alert.saved', data: alert }))
}

const slicesById = <Row extends { id: string }>(read: (after: string) => Promise<Row[]>) =>
  slicesBy(read, ({ id }) => id)

async function* slicesBy<Row>(
  read: (after: string) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row[]> {
  let after = ''
  for (;;) {
    const rows = await read(after)
    const last = rows.at(-1)
    if (last) yield rows
    if (!last || rows.length < sliceRows) return
    after = keyOf(last)
  }
}
