import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../domain/time.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { StreamHash } from '../../domain/wire/sync-http.ts'
import { createTurnstile, type TurnstileConfig } from '../http/turnstile.ts'
import { canonical } from '../store/fold.ts'
import { readHeads } from '../store/log.ts'
import type { Store } from '../store/store.ts'
import { snapshotRows } from './snapshot-rows.ts'

/** What the states of streams hash to: one calculation for all who ask about the same head, so many at once. */
export interface StreamHashes {
  /** @throws ProblemError too_many_requests when too many are being calculated */
  of(stream: StreamName): Promise<StreamHash>
  /** Waits for what is being calculated. */
  close(): Promise<void>
}

/** Longer than this no calculation holds the event loop. */
const turnMs = 8

interface Known {
  head: number
  atMs: number
  hash: Promise<StreamHash>
}

export function createStreamHashes(
  store: Store,
  clock: Clock,
  config: TurnstileConfig & { keepMs: number },
): StreamHashes {
  const turnstile = createTurnstile(config, 'hashes')
  const known = new Map<StreamName, Known>()
  const running = new Set<Promise<StreamHash>>()

  const begin = (stream: StreamName): Promise<StreamHash> => {
    const hash = turnstile.pass(() => hashStream(store, stream))
    running.add(hash)
    const forget = () => running.delete(hash)
    hash.then(forget, () => {
      forget()
      // One that failed must not be handed to the next who asks.
      if (known.get(stream)?.hash === hash) known.delete(stream)
    })
    return hash
  }

  return {
    of: (stream) => {
      const head = store.publishedHead(stream)
      const nowMs = clock.nowMs()
      const last = known.get(stream)
      // Not for ever: whoever verifies wants to know of the rows as they are on the disk now.
      if (last && last.head === head && nowMs - last.atMs < config.keepMs) return last.hash
      const hash = begin(stream)
      known.set(stream, { head, atMs: nowMs, hash })
      return hash
    },
    close: async () => {
      known.clear()
      await Promise.allSettled(running)
    },
  }
}

async function hashStream(store: Store, stream: StreamName): Promise<StreamHash> {
  const session = await store.openReadSession()
  try {
    const [head] = await readHeads(session.db, [stream])
    const sha256 = createHash('sha256')
    let rows = 0
    let turnStartMs = performance.now()
    const { slices } = await snapshotRows(session.db, stream)
    for await (const slice of slices) {
      for (const row of slice) {
        sha256.update(`${canonical(row)}\n`)
        rows += 1
        if (performance.now() - turnStartMs < turnMs) continue
        await nextTurn()
        turnStartMs = performance.now()
      }
    }
    return { stream, epoch: store.epoch, seq: head?.head ?? 0, rows, hash: sha256.digest('hex') }
  } finally {
    await session.close()
  }
}
