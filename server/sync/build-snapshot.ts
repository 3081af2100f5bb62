import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { SnapshotHeader } from '../../domain/wire/sync-http.ts'
import { readHeads } from '../store/log.ts'
import type { ReadSession, Store } from '../store/store.ts'
import { snapshotRows } from './snapshot-rows.ts'

/** A snapshot that is built, or on its way: the first page can be sent while the last is still being read. */
export interface SnapshotBuild {
  id: string
  /** Waits for the page; null when there is none of that number. */
  page: (number: number) => Promise<Buffer | null>
  built: Promise<void>
  isBuilding: () => boolean
  /** What its finished pages hold. */
  bytes: () => number
}

interface Wish {
  id: string
  stream: StreamName
  pageRows: number
}

/** @param inTurn runs the work when its turn has come; its refusal is the refusal of every page */
export function buildSnapshot(
  store: Store,
  wish: Wish,
  inTurn: (work: () => Promise<void>) => Promise<void>,
): SnapshotBuild {
  const opening = Promise.withResolvers<PromiseWithResolvers<Buffer>[]>()
  // Nobody may be waiting when it fails.
  opening.promise.catch(() => undefined)
  let building = true
  let bytes = 0
  const done = (page: Buffer, isLast: boolean) => {
    bytes += page.length
    if (isLast) building = false
    return page
  }

  const work = async () => {
    const session = await store.openReadSession()
    try {
      await fill(session, store.epoch, wish, opening, done)
    } finally {
      await session.close()
    }
  }
  const built = inTurn(work)
    .catch((error: unknown) => {
      opening.reject(error)
      throw error
    })
    .finally(() => {
      building = false
    })
  built.catch(() => undefined)

  return {
    id: wish.id,
    page: async (number) => (await opening.promise)[number]?.promise ?? null,
    built,
    isBuilding: () => building,
    bytes: () => bytes,
  }
}

async function fill(
  { db }: ReadSession,
  epoch: string,
  { id, stream, pageRows }: Wish,
  opening: PromiseWithResolvers<PromiseWithResolvers<Buffer>[]>,
  done: (page: Buffer, isLast: boolean) => Buffer,
): Promise<void> {
  const [head] = await readHeads(db, [stream])
  const { total, slices } = await snapshotRows(db, stream)
  const pages = Array.from({ length: Math.max(1, Math.ceil(total / pageRows)) }, () => Promise.withResolvers<Buffer>())
  for (const page of pages) page.promise.catch(() => undefined)
  opening.resolve(pages)
  const header = { stream, epoch, seq: head?.head ?? 0, snapshot_id: id, pages: pages.length, rows_total: total }

  let number = 0
  let lines: string[] = []
  const finish = () => {
    const page = toPage({ ...header, page: number, rows: lines.length }, lines)
    pages[number]?.resolve(done(page, number === pages.length - 1))
    number += 1
    lines = []
  }
  try {
    for await (const slice of slices) {
      for (const change of slice) {
        lines.push(JSON.stringify(change))
        if (lines.length === pageRows) finish()
      }
      await nextTurn()
    }
    if (lines.length > 0 || number === 0) finish()
  } catch (error) {
    for (const page of pages) page.reject(error)
    throw error
  }
}

function toPage(header: SnapshotHeader, lines: readonly string[]): Buffer {
  return Buffer.from(`${[JSON.stringify(header), ...lines].join('\n')}\n`)
}
