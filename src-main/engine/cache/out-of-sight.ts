import type { Person } from '../../../domain/directory.ts'
import { readPerson } from './directory-store.ts'
import { readMeta } from './meta.ts'
import type { ReadableDb } from './sql.ts'
import { readCursor } from './stream-cursors.ts'

/**
 * Whether nothing of the stream will come any more, as far as the directory tells: it is a team's that this person does not
 * belong to. A stream with a cursor is in sight until a welcome says otherwise.
 */
export function isOutOfSight(db: ReadableDb, stream: string): boolean {
  if (!stream.startsWith('team:') || readCursor(db, stream)) return false
  const told = readMeta(db, 'person')
  const person = told === null ? null : readPerson(db, (JSON.parse(told) as Person).id)
  return person !== null && !person.memberships.some(({ team_id }) => stream === `team:${team_id}`)
}
