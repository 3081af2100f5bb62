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

interface Snapshot {
  id: string
  stream: StreamName
  openedAtMs: number
  /** One promise a page: the first can be sent while the last is still being read. */
  pages: PromiseWithResolvers<Buffer>[]
  built: Promise<void>
}

export function createSnapshots(store: Store, clock: Clock, config: ServerConfig['snapshot']): Snapshots {
  const kept = new Map<string, Promise<Snapshot>>()
  const latest = new Map<StreamName, { id: string; openedAtMs: number }>()
  let closed = false

  const forget = (id: string) => {
    kept.delete(id)
    for (const [stream, newest] of latest) if (newest.id === id) latest.delete(stream)
  }

  const dropOld = async (nowMs: number) => {
    for (const [id, opening] of kept) {
      const snapshot = await opening.catch(() => null)
      if (snapshot && nowMs - snapshot.openedAtMs > config.keepMs) forget(id)
    }
    while (kept.size > config.maxKept) {
      const oldest = kept.keys().next().value
      if (oldest === undefined) return
      forget(oldest)
    }
  }

  const open = (stream: StreamName): Promise<Snapshot> => {
    if (closed) throw resync('snapshot_gone')
    const nowMs = clock.nowMs()
    const newest = latest.get(stream)
    const shared = newest && nowMs - newest.openedAtMs < config.shareMs ? kept.get(newest.id) : undefined
    if (shared) return shared
    const id = randomUUID()
    const opening = build(store, { id, stream, openedAtMs: nowMs }, config.pageRows)
    kept.set(id, opening)
    latest.set(stream, { id, openedAtMs: nowMs })
    // One that failed must not be handed to the next who asks.
    opening.then((snapshot) => snapshot.built).catch(() => forget(id))
    return opening
  }

  return {
    page: async (stream, page, snapshotId) => {
      const opening = snapshotId === null ? open(stream) : kept.get(snapshotId)
      await dropOld(clock.nowMs())
      const snapshot = await opening
      if (!snapshot || snapshot.stream !== stream) throw resync('snapshot_gone')
      const wanted = snapshot.pages[page]
      if (!wanted) throw resync('snapshot_gone')
      return wanted.promise
    },
    close: async () => {
      closed = true
      const building = await Promise.allSettled(kept.values())
      kept.clear()
      for (const opening of building) {
        if (opening.status === 'fulfilled') await opening.value.built.catch(() => undefined)
      }
    },
  }
}

async function build(
  store: Store,
  place: { id: string; stream: StreamName; openedAtMs: number },
  pageRows: number,
): Promise<Snapshot> {
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
    return { ...place, pages, built }
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
