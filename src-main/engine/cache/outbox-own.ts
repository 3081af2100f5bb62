import type { ShareMark } from '../../../domain/alert-share.ts'
import type { RefusalCode, SaveBody } from './outbox-body.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/** Settings or the policy on their way. */
export interface SaveEntry {
  entry: number
  mutation_id: number | null
  body: SaveBody
  queued_at: string
  state: 'waiting' | 'acknowledged' | 'refused'
  code: RefusalCode | null
  message: string | null
}

const columns = 'entry, mutation_id, body, queued_at, state, code, message'
const isSave = `name IN ('settings.save', 'policy.save')`

const toEntry = (row: Omit<SaveEntry, 'body'> & { body: string }): SaveEntry => ({
  ...row,
  body: JSON.parse(row.body) as SaveBody,
})

export function listSaves(db: ReadableDb): SaveEntry[] {
  const rows = db.all<Parameters<typeof toEntry>[0]>(`SELECT ${columns} FROM outbox WHERE ${isSave} ORDER BY entry`)
  return rows.map(toEntry)
}

export function readSave(db: ReadableDb, entry: number): SaveEntry | null {
  const sql = `SELECT ${columns} FROM outbox WHERE entry = ? AND ${isSave}`
  const row = db.get<Parameters<typeof toEntry>[0]>(sql, entry)
  return row ? toEntry(row) : null
}

const label: Record<SaveBody['name'], string> = {
  'settings.save': 'Your alert settings',
  'policy.save': 'Alert rules for everybody',
}
/** ISO 4217 for "no currency". */
const noCurrency = 'XXX'

/** Queues settings or the policy. What was saved before and has not left yet would only be overwritten: it goes. */
export function appendSave(db: WritableDb, body: SaveBody, queuedAt: string): number {
  db.run(`DELETE FROM outbox WHERE name = ? AND ${isSave} AND (mutation_id IS NULL OR state = 'refused')`, body.name)
  db.touched.outbox()
  db.touched.settings()
  return db.run(
    `INSERT INTO outbox (quote, quote_label, currency, name, body, base, queued_at, state)
     VALUES (NULL, ?, '${noCurrency}', ?, ?, '{}', ?, 'waiting')`,
    label[body.name],
    body.name,
    JSON.stringify(body),
    queuedAt,
  ).row
}

/** Titles and bodies of alerts are cut to what the server takes. */
const identity = `json_object(
  'key', key, 'quote', quote, 'rule', rule, 'kind', kind, 'occasion', occasion, 'severity', severity, 'due_at', due_at,
  'title', substr(coalesce(title, 'Alert of the rule ' || rule), 1, 100), 'body', substr(coalesce(body, ''), 1, 500))`

/**
 * Queues for the person's other devices what became of alerts here: in the transaction that writes it, and however many
 * in one statement.
 */
export function appendMarks(db: WritableDb, keys: readonly string[], mark: ShareMark, at: string): void {
  if (keys.length === 0) return
  db.run(
    `INSERT INTO outbox (quote, quote_label, currency, name, body, base, queued_at, state)
     SELECT NULL, 'Alert', '${noCurrency}', 'alert.mark',
       json_object('name', 'alert.mark', 'alert', ${identity}, 'mark', json(?), 'at', ?), '{}', ?, 'waiting'
     FROM alerts WHERE key IN (SELECT value FROM json_each(?)) ORDER BY n`,
    JSON.stringify(mark),
    at,
    at,
    JSON.stringify(keys),
  )
  db.touched.outbox()
}
