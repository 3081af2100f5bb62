import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../domain/time.ts'
import type { StreamChange } from '../../domain/wire/stream-event.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { SnapshotHeader } from '../../domain/wire/sync-http.ts'
import type { ServerConfig } from '../config.ts'
import { readHeads } from '../store/log.ts'
import type { ReadSession, Store } from '../store/store.ts'
import { resync } from './pull.ts'
import { snapshotRows } from './snapshot-rows.ts'

/**
 * Snapshots of streams: built page by page from one read transaction, kept for a while as finished pages that all
 * clients share, and bounded in number, the oldest going first.
 */
export interface Snapshots {
  /**
   * @param snapshotId null with page 0 opens one (or shares one just opened)
   * @returns the NDJSON of the page
   * @throws ProblemError resync when the snapshot is gone
   */
  page(stream: StreamName, page: number, snapshotId: string | null): Promise<Buffer>
  /** Waits for what is being built and forgets everything. */
  close(): Promise<void>
}

/** One promise a page: the first can be sent while the last is still being read. */
interface Snapshot {
  pages: PromiseWithResolvers<Buffer>[]
  built: Promise<void>
}

interface Kept {
  id: string
  stream: StreamName
  openedAtMs: number
  opening: Promise<Snapshot>
}

export function createSnapshots(store: Store, clock: Clock, config: ServerConfig['snapshot']): Snapshots {
  /** In the order of opening. */
  const kept = new Map<string, Kept>()
  let closed = false

  const dropOld = () => {
    const nowMs = clock.nowMs()
    for (const { id, openedAtMs } of kept.values()) {
      if (nowMs - openedAtMs > config.keepMs || kept.size > config.maxKept) kept.delete(id)
    }
  }

  const open = (stream: StreamName): Kept => {
    if (closed) throw resync('snapshot_gone')
    const nowMs = clock.nowMs()
    const newest = [...kept.values()].findLast((candidate) => candidate.stream === stream)
    if (newest && nowMs - newest.openedAtMs < config.shareMs) return newest
    const place = { id: randomUUID(), stream, openedAtMs: nowMs }
    const opened = { ...place, opening: build(store, place, config.pageRows) }
    kept.set(place.id, opened)
    // One that failed must not be handed to the next who asks.
    opened.opening.then((snapshot) => snapshot.built).catch(() => kept.delete(place.id))
    return opened
  }

  return {
    page: async (stream, page, snapshotId) => {
      const known = snapshotId === null ? open(stream) : kept.get(snapshotId)
      dropOld()
      if (!known || known.stream !== stream || (snapshotId !== null && !kept.has(snapshotId))) {
        throw resync('snapshot_gone')
      }
      const wanted = (await known.opening).pages[page]
      if (!wanted) throw resync('snapshot_gone')
      return wanted.promise
    },
    close: async () => {
      closed = true
      const building = [...kept.values()].map(async ({ opening }) => (await opening).built)
      kept.clear()
      await Promise.allSettled(building)
    },
  }
}

async function build(store: Store, place: Pick<Kept, 'id' | 'stream'>, pageRows: number): Promise<Snapshot> {
  const session = await store.openReadSession()
  try {
    const [head] = await readHeads(session.db, [place.stream])
    const rows = await snapshotRows(session.db, place.stream, pageRows)
    const pages = Array.from({ length: Math.max(1, Math.ceil(rows.total / pageRows)) }, () =>
      Promise.withResolvers<Buffer>(),
    )
    const header = {
      stream: place.stream,
      epoch: store.epoch,
      seq: head?.head ?? 0,
      snapshot_id: place.id,
      pages: pages.length,
      rows_total: rows.total,
    }
    const built = fillPages(session, pages, rows.pages, header)
    return { pages, built }
  } catch (error) {
    await session.close()
    throw error
  }
}

async function fillPages(
  session: ReadSession,
  pages: readonly PromiseWithResolvers<Buffer>[],
  rows: AsyncIterable<StreamChange[]>,
  header: Omit<SnapshotHeader, 'page' | 'rows'>,
): Promise<void> {
  // Nobody may be waiting for a page when it fails.
  for (const page of pages) page.promise.catch(() => undefined)
  try {
    let number = 0
    for await (const changes of rows) {
      pages[number]?.resolve(toPage({ ...header, page: number, rows: changes.length }, changes))
      number += 1
      await nextTurn()
    }
    if (number === 0) pages[0]?.resolve(toPage({ ...header, page: 0, rows: 0 }, []))
  } catch (error) {
    for (const page of pages) page.reject(error)
    throw error
  } finally {
    await session.close()
  }
}

function toPage(header: SnapshotHeader, changes: readonly StreamChange[]): Buffer {
  const lines = [JSON.stringify(header), ...changes.map((change) => JSON.stringify(change))]
  return Buffer.from(`${lines.join('\n')}\n`)
}
