import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import type { Deps } from '../deps.ts'
import { readableStreams } from '../sync/policy.ts'
import { endSocket, socketsIn } from './end.ts'
import { type ClientSocket, type Io, personRoom } from './types.ts'
import { createUpdateMessages } from './update-messages.ts'

/**
 * Every committed event goes to its stream's room with one broadcast: Socket.IO encodes it once, whatever the number of
 * readers. Rights taken away by an event hold before the next event goes out.
 * @returns a function that stops it
 */
export function startFanOut(io: Io, deps: Pick<Deps, 'store' | 'log'>): () => void {
  const updates = createUpdateMessages(io, deps)
  return deps.store.onCommitted((events) => {
    for (const event of events) {
      io.to(event.place.stream).emit('event', event)
      updates.tell(event)
      endWhoLostRights(io, event)
    }
  })
}

function endWhoLostRights(io: Io, { place, change }: StreamEvent): void {
  if (change.type !== 'person.saved') return
  const person = change.data
  const orgId = place.stream.slice('org:'.length)
  const readable = person.active ? readableStreams(person, { id: orgId }) : []
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
