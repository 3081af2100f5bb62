import { randomUUID } from 'node:crypto'
import type { Clock } from '../../domain/time.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { ServerConfig } from '../config.ts'
import { createTurnstile } from '../http/turnstile.ts'
import type { Store } from '../store/store.ts'
import { buildSnapshot, type SnapshotBuild } from './build-snapshot.ts'
import { resync } from './pull.ts'

/**
 * Snapshots of streams: each is built once from one read transaction and kept for a while as finished pages that all
 * clients share. So many are built at once, the others wait; what is kept is bounded in number, in bytes and in time,
 * whoever was asked for longest ago going first.
 */
export interface Snapshots {
  /**
   * @param snapshotId null with page 0 opens one (or shares one that is being built or was opened just now)
   * @returns the NDJSON of the page
   * @throws ProblemError resync when the snapshot is gone, too_many_requests when too many wait to be built
   */
  page(stream: StreamName, page: number, snapshotId: string | null): Promise<Buffer>
  /** What it holds and has done since the start. */
  figures(): { kept: number; bytes: number; builds: number }
  /** Waits for what is being built and forgets everything. */
  close(): Promise<void>
}

interface Kept extends SnapshotBuild {
  stream: StreamName
  openedAtMs: number
}

export function createSnapshots(store: Store, clock: Clock, config: ServerConfig['snapshot']): Snapshots {
  /** In the order of their last use. */
  const kept = new Map<string, Kept>()
  const turnstile = createTurnstile(config.builds, 'snapshots')
  let builds = 0
  let closed = false

  const bytesKept = () => [...kept.values()].reduce((sum, snapshot) => sum + snapshot.bytes(), 0)

  /** What is being built stays: the crowd that waits for it would only ask for it again. */
  const dropOld = () => {
    const nowMs = clock.nowMs()
    // The one in use stays even when it alone is too large: without it its readers would begin again for ever.
    const inUse = [...kept.keys()].at(-1)
    for (const [id, snapshot] of kept) {
      if (snapshot.isBuilding()) continue
      const tooOld = nowMs - snapshot.openedAtMs > config.keepMs
      const tooMuch = kept.size > config.maxKept || bytesKept() > config.maxBytes
      if (tooOld || (tooMuch && id !== inUse)) kept.delete(id)
    }
  }
  /** Memory is given back also when nobody asks any more. */
  const dropInTime = (id: string) => {
    setTimeout(() => void kept.delete(id), config.keepMs).unref()
  }

  const open = (stream: StreamName): Kept => {
    const nowMs = clock.nowMs()
    const newest = [...kept.values()].findLast((candidate) => candidate.stream === stream)
    if (newest && (newest.isBuilding() || nowMs - newest.openedAtMs < config.shareMs)) return newest
    const id = randomUUID()
    const build = buildSnapshot(store, { id, stream, pageRows: config.pageRows }, (work) =>
      turnstile.pass(() => {
        builds += 1
        return work()
      }),
    )
    const opened = { ...build, stream, openedAtMs: nowMs }
    kept.set(id, opened)
    dropInTime(id)
    // One that failed must not be handed to the next who asks; one that is done may be what is too much.
    build.built.then(dropOld, () => kept.delete(id))
    return opened
  }

  const find = (stream: StreamName, id: string | null): Kept => {
    if (closed) throw resync('snapshot_gone')
    const found = id === null ? open(stream) : kept.get(id)
    if (!found || found.stream !== stream) throw resync('snapshot_gone')
    kept.delete(found.id)
    kept.set(found.id, found)
    return found
  }

  return {
    page: async (stream, page, snapshotId) => {
      if (snapshotId !== null) dropOld()
      const snapshot = find(stream, snapshotId)
      if (snapshotId === null) dropOld()
      const wanted = await snapshot.page(page)
      if (!wanted) throw resync('snapshot_gone')
      return wanted
    },
    figures: () => ({ kept: kept.size, bytes: bytesKept(), builds }),
    close: async () => {
      closed = true
      const building = [...kept.values()].map(({ built }) => built)
      kept.clear()
      await Promise.allSettled(building)
    },
  }
}
