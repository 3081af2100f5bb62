import type { ReadableDb } from './sql.ts'

/** Names as they stand in this transaction, looked up once each: a batch repeats few customers and owners. */
export interface Names {
  customer: (id: string | null) => string | null
  owner: (id: string) => string | null
  team: (id: string) => string | null
  /** Someone was renamed: look up again. */
  forget: () => void
}

export function createNames(db: ReadableDb): Names {
  const known = new Map<string, string | null>()
  const look = (sql: string, id: string) => {
    let name = known.get(id)
    if (name === undefined) {
      name = db.value<string>(sql, id) ?? null
      known.set(id, name)
    }
    return name
  }
  return {
    customer: (id) => (id === null ? null : look('SELECT name FROM customers WHERE id = ?', id)),
    owner: (id) => look('SELECT name FROM people WHERE id = ?', id),
    team: (id) => look('SELECT name FROM teams WHERE id = ?', id),
    forget: () => known.clear(),
  }
}
