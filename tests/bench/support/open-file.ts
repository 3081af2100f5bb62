import Database from 'better-sqlite3'

/** The limit of a cold start: a process that opens the file and reads one page of 100. argv: the cache file. */
const db = new Database(process.argv[2] ?? '')
db.pragma('synchronous = FULL')
const rows = db.prepare('SELECT * FROM quotes ORDER BY updated_at DESC LIMIT 100').all()
process.send?.({ kind: 'done', rows: rows.length })
