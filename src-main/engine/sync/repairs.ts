import { RefusedError } from '../outbox/refusal.ts'
import type { StreamMemories } from './stream-memory.ts'
import type { Session } from './sync-state.ts'

interface Options {
  memories: StreamMemories
  /** The session that is level with the server, null while there is none. */
  live: () => Session | null
  /** Lets a session look again at what it has to fetch. */
  recover: (session: Session) => void
  /** The file itself has to be replaced. */
  onDamage: () => void
}

/** Streams that a person wants fetched again. A wish outlives the link: it is fulfilled when there is one again. */
export interface Repairs {
  repair: (stream: string) => Promise<void>
  /** All streams are level now. */
  settle: () => void
  /** There will be no link any more. */
  giveUp: () => void
}

export function createRepairs({ memories, live, recover, onDamage }: Options): Repairs {
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  return {
    repair: async (stream) => {
      const session = live()
      if (!session) throw new RefusedError('offline', 'Fetching it again needs the server. Try again once it is there.')
      if (!session.following?.follower(stream)) throw new RefusedError('not_found', 'There is no such stream here.')
      // What a snapshot brings must not go into a file that is broken: that is replaced as a whole.
      if (memories.known().some((known) => memories.of(known).verified?.kind === 'damaged')) {
        onDamage()
        return
      }
      const wish = waiting.get(stream) ?? Promise.withResolvers<void>()
      waiting.set(stream, wish)
      memories.of(stream).wantsSnapshot = true
      recover(session)
      await wish.promise
    },
    settle: () => {
      for (const [stream, wish] of waiting) {
        if (memories.known().includes(stream) && memories.of(stream).wantsSnapshot) continue
        waiting.delete(stream)
        wish.resolve()
      }
    },
    giveUp: () => {
      for (const wish of waiting.values())
        wish.reject(new RefusedError('signed_out', 'Signed out before it was fetched.'))
      waiting.clear()
    },
  }
}
