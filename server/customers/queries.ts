import type { Kysely } from 'kysely'
import type { Customer } from '../../domain/directory.ts'
import type { Tables } from '../store/tables.ts'

export async function findCustomer(db: Kysely<Tables>, id: string): Promise<Customer | null> {
  return (await db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Customers by name; `after` is where the previous page ended. */
export function listCustomers(
  db: Kysely<Tables>,
  query: { after: { name: string; id: string } | null; limit: number },
): Promise<Customer[]> {
  const { after } = query
  let select = db.selectFrom('customers').selectAll().orderBy('name').orderBy('id').limit(query.limit)
  if (after) {
    select = select.where((eb) =>
      eb.or([eb('name', '>', after.name), eb.and([eb('name', '=', after.name), eb('id', '>', after.id)])]),
    )
  }
  return select.execute()
}
