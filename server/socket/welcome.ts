import type { Deps } from '../deps.ts'
import { findPerson } from '../people/queries.ts'
import { readableStreams } from '../sync/policy.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { endSocket, signedOut } from './end.ts'
import { type ClientSocket, personRoom } from './types.ts'

/**
 * Lets an admitted socket in. It joins its person's room before the rights are read, so a right taken away meanwhile
 * finds it there; then rooms and heads are taken in one turn of the event loop, so no event falls between them.
 */
export async function welcome(
  socket: ClientSocket,
  { store, clock, config }: Pick<Deps, 'store' | 'clock' | 'config'>,
): Promise<void> {
  await socket.join(personRoom(socket.data.person_id))
  const person = await findPerson(store.read, socket.data.person_id)
  const workspace = await findWorkspace(store.read)
  if (!socket.connected) return
  if (!person?.active || !workspace) {
    endSocket(socket, 'unauthorised', signedOut)
    return
  }
  const streams = readableStreams(person, workspace)
  socket.data.streams = streams
  void socket.join(streams)
  socket.emit('welcome', {
    person_id: person.id,
    epoch: store.epoch,
    streams: streams.map((stream) => ({ stream, head: store.publishedHead(stream) })),
    server_time_ms: clock.nowMs(),
    beat_ms: config.beatMs,
  })
}
