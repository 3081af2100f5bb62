import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import type { Deps } from '../deps.ts'
import { judgeSockets } from './judge-sockets.ts'
import type { Io } from './types.ts'
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
  judgeSockets(io, change.data, { id: place.stream.slice('org:'.length) })
}
