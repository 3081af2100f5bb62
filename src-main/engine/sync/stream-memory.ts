import type { StreamReport } from '../../../domain/rpc/sync.ts'
import type { Cursor } from '../cache/stream-cursors.ts'

/** A snapshot whose pages have come in part. It outlives the link, so that a link lost every few seconds gets it done. */
export interface StagedSnapshot {
  id: string
  cursor: Cursor
  pages: number
  nextPage: number
  rows: number
}

/** What is known of one stream beyond its rows and cursor, for as long as the engine runs: links come and go. */
export interface StreamMemory {
  lastEventAt: string | null
  lastError: StreamReport['last_error']
  verified: StreamReport['verified']
  verifying: boolean
  /** A person asked for the stream to be fetched again. */
  wantsSnapshot: boolean
  staged: StagedSnapshot | null
}

export interface StreamMemories {
  of: (stream: string) => StreamMemory
  forget: (stream: string) => void
  known: () => string[]
}

export function createStreamMemories(): StreamMemories {
  const memories = new Map<string, StreamMemory>()
  return {
    of: (stream) => {
      let memory = memories.get(stream)
      if (!memory) {
        const nothing = { lastEventAt: null, lastError: null, verified: null, staged: null }
        memory = { ...nothing, verifying: false, wantsSnapshot: false }
        memories.set(stream, memory)
      }
      return memory
    },
    forget: (stream) => void memories.delete(stream),
    known: () => [...memories.keys()],
  }
}
