import type { ReadableDb, WritableDb } from './sql.ts'

/** How far a stream has been applied: all of (epoch, 1..seq). */
export interface Cursor {
  epoch: string
  seq: number
}

export function readCursor(db: ReadableDb, stream: string): Cursor | null {
  return db.get<Cursor>('SELECT epoch, seq FROM streams WHERE stream = ?', stream) ?? null
}

export function readStreams(db: ReadableDb): string[] {
  return db.values<string>('SELECT stream FROM streams ORDER BY stream')
}

export function writeCursor(db: WritableDb, stream: string, cursor: Cursor): void {
  db.run(
    'INSERT INTO streams VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq',
    stream,
    cursor.epoch,
    cursor.seq,
  )
  db.touched.streams()
}
