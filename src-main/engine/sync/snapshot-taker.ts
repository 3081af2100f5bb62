import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import { applyEvents } from '../cache/apply-events.ts'
import { addToStage, beginStage, cutStage, replaceStream, stageEnd, takeStaged } from '../cache/apply-snapshot.ts'
import type { Cache } from '../cache/open-cache.ts'
import { type Cursor, readCursor } from '../cache/stream-cursors.ts'
import { ResyncError } from './answer-error.ts'
import type { CatchUpProgress } from './catch-up-progress.ts'
import type { StagedSnapshot, StreamMemory } from './stream-memory.ts'
import type { SyncHttp } from './sync-http.ts'

/** A snapshot may be dropped by the server between its pages; more often than this something else is wrong. */
const attempts = 3
/** Of the log between a snapshot and a cursor that is already past it; more than that is no snapshot just taken. */
const mostBetween = 50_000

interface Options {
  stream: string
  cache: Cache
  http: SyncHttp
  memory: StreamMemory
  progress: CatchUpProgress
}

/**
 * Makes the stream exactly what a snapshot says, and takes its cursor. Pages that have come stay when the link is lost:
 * the next attempt asks for those that are missing. @returns the cursor after it
 */
export async function takeSnapshot(options: Options, epoch: string, signal: AbortSignal): Promise<Cursor> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const staged = await stagePages(options, epoch, signal)
      return await switchTo(options, staged.cursor, signal)
    } catch (error) {
      if (!(error instanceof ResyncError)) throw error
      options.memory.staged = null
      if (attempt === attempts) throw error
    }
  }
}

async function stagePages(options: Options, epoch: string, signal: AbortSignal): Promise<StagedSnapshot> {
  const { stream, cache, http, memory, progress } = options
  let staged = memory.staged?.cursor.epoch === epoch ? memory.staged : null
  if (!staged) cache.transact((db) => beginStage(db, stream))
  let told = false
  while (!staged || staged.nextPage < staged.pages) {
    const page: number = staged?.nextPage ?? 0
    const before: StagedSnapshot | null = staged
    const end = stageEnd(cache.read, stream)
    let rows = staged?.rows ?? 0
    try {
      await http.snapshotPage(
        { stream, page, snapshotId: before?.id ?? null },
        (header) => {
          const cursor = { epoch: header.epoch, seq: header.seq }
          staged = { id: header.snapshot_id, cursor, pages: header.pages, nextPage: page, rows }
          if (!told) {
            progress.snapshotBegins(header.rows_total)
            progress.rows(rows)
          }
          told = true
        },
        (lines) => {
          cache.transact((db) => addToStage(db, stream, lines))
          rows += lines.length
          progress.rows(lines.length)
        },
        signal,
      )
      signal.throwIfAborted()
    } catch (error) {
      // Begun anew unless what came of the page is taken back.
      const kept = memory.staged
      memory.staged = null
      cache.transact((db) => cutStage(db, stream, end))
      memory.staged = kept
      throw error
    }
    // Set by the header, without which a page is none.
    if (!staged) throw new TypeError('a page of a snapshot came without a header')
    staged = { ...staged, nextPage: page + 1, rows }
    memory.staged = staged
    progress.pageKept()
  }
  return staged
}

/**
 * I6: the server may share a snapshot that is older than what live events have brought here meanwhile. What lies between
 * is fetched, and goes into the one transaction that switches: the cursor never moves back.
 */
async function switchTo(options: Options, cursor: Cursor, signal: AbortSignal): Promise<Cursor> {
  const { stream, cache, http, memory } = options
  const between: StreamEvent[] = []
  for (;;) {
    signal.throwIfAborted()
    const at = readCursor(cache.read, stream)
    const reached = cursor.seq + between.length
    if (at?.epoch !== cursor.epoch || at.seq <= reached) break
    if (at.seq - cursor.seq > mostBetween) throw new ResyncError('snapshot_gone')
    const limit = Math.min(5_000, at.seq - reached)
    const events = await pullBetween(http, { stream, epoch: cursor.epoch, after: reached, limit }, signal)
    // The server has lost what was applied here, though it kept its epoch: what it has is the truth.
    if (events === 'lost') break
    if (events.length === 0) throw new ResyncError('snapshot_gone')
    between.push(...events)
  }
  cache.transact((db) => {
    replaceStream(db, cache.expiry, stream, cursor, takeStaged(db, stream))
    if (between.length > 0) applyEvents(db, cache.expiry, stream, between)
  })
  memory.staged = null
  return { epoch: cursor.epoch, seq: cursor.seq + between.length }
}

async function pullBetween(
  http: SyncHttp,
  query: Parameters<SyncHttp['pull']>[0],
  signal: AbortSignal,
): Promise<StreamEvent[] | 'lost'> {
  try {
    return [...(await http.pull(query, signal)).events]
  } catch (error) {
    if (error instanceof ResyncError && error.reason === 'ahead_of_head') return 'lost'
    throw error
  }
}
