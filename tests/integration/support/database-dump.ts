import Database from 'better-sqlite3'

/** Every row of every table and every stream's head: two equal dumps are two equal databases. */
export function dumpDatabase(file: string): Record<string, unknown[]> {
  const raw = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const tables = raw
      .prepare<[], string>(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
      )
      .pluck()
      .all()
    return Object.fromEntries(tables.map((table) => [table, raw.prepare(`select * from ${table} order by 1, 2`).all()]))
  } finally {
    raw.close()
  }
}
