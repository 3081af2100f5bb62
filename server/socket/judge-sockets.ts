import type { Person, Workspace } from '../../domain/directory.ts'
import { readableStreams } from '../sync/policy.ts'
import { endSocket, signedOut, socketsIn } from './end.ts'
import { type ClientSocket, type Io, personRoom } from './types.ts'

/** Ends every socket of the person whose rooms are not exactly what they may read now. */
export function judgeSockets(io: Io, person: Person, workspace: Pick<Workspace, 'id'>): void {
  const readable = person.active ? readableStreams(person, workspace) : []
  for (const socket of socketsIn(io, personRoom(person.id))) {
    if (sameStreams(socket, readable)) continue
    endSocket(socket, 'permissions_changed', 'What you may see has changed: connect again.')
  }
}

/** A socket that is still being let in has none: its rights were read before this change, or are about to be. */
function sameStreams(socket: ClientSocket, readable: readonly string[]): boolean {
  const { streams } = socket.data
  return (
    streams !== null && streams.length === readable.length && readable.every((name) => streams.some((s) => s === name))
  )
}

/** Ends the sockets of a sign-in that was voided. */
export function endFamily(io: Io, personId: string, family: string): void {
  for (const socket of socketsIn(io, personRoom(personId))) {
    if (socket.data.family === family) endSocket(socket, 'unauthorised', signedOut)
  }
}
