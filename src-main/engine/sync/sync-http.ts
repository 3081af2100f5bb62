import type { z } from 'zod'
import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import {
  type PullHeader,
  pullHeaderSchema,
  type SnapshotHeader,
  type StreamHash,
  snapshotHeaderSchema,
  streamHashSchema,
} from '../../../domain/wire/sync-http.ts'
import type { Scheduler } from '../scheduler.ts'
import type { TokenKeeper } from '../session/tokens.ts'
import { SyncRequestError, toError } from './answer-error.ts'
import { checkEventShape } from './event-shape.ts'
import { readLines } from './ndjson.ts'
import { patiently } from './patience.ts'

/** Nothing came for so long that nothing will: however large an answer is, its pieces follow each other within this. */
const idleMs = 20_000

export interface PulledPage {
  header: PullHeader
  /** `header.count` of them, parsed one by one as they are taken: a page of objects is many times its text. */
  events: Iterable<StreamEvent>
}

/** Log and snapshots by HTTP: the truth that the socket only hints at. */
export interface SyncHttp {
  pull: (
    query: { stream: string; epoch: string; after: number; limit: number },
    signal: AbortSignal,
  ) => Promise<PulledPage>
  /** @param onRows JSON texts of StreamChange, in chunks as they arrive */
  snapshotPage: (
    query: { stream: string; page: number; snapshotId: string | null },
    onHeader: (header: SnapshotHeader) => void,
    onRows: (rows: string[]) => void,
    signal: AbortSignal,
  ) => Promise<void>
  /** What the server's copy of the stream hashes to, and at which place of its log. */
  hash: (stream: string, signal: AbortSignal) => Promise<StreamHash>
}

export function createSyncHttp(
  serverUrl: string,
  fetcher: typeof fetch,
  tokens: Pick<TokenKeeper, 'accessToken' | 'invalidate'>,
  { scheduler, random }: { scheduler: Scheduler; random: () => number },
): SyncHttp {
  const ask = async (path: string, signal: AbortSignal): Promise<Response> => {
    const token = await tokens.accessToken()
    return fetcher(new URL(path, serverUrl), { headers: { authorization: `Bearer ${token}` }, signal })
  }
  const lines = async (path: string, signal: AbortSignal): Promise<AsyncIterable<string[]>> => {
    let response = await ask(path, signal)
    if (response.status === 401) {
      await response.body?.cancel()
      tokens.invalidate()
      response = await ask(path, signal)
    }
    if (!response.ok) throw await toError(response)
    if (!response.body) throw new SyncRequestError('The server answered with nothing.')
    return readLines(response.body)
  }

  /** Reads one answer to its end; silence ends it, and an abort, even where the fetch itself would not notice. */
  const readOnce = async <Header>(
    path: string,
    signal: AbortSignal,
    schema: z.ZodType<Header>,
    onLines: (lines: string[]) => void,
    onHeader?: (header: Header) => void,
  ): Promise<Header> => {
    const idle = new AbortController()
    const either = AbortSignal.any([signal, idle.signal])
    const giveUp = () => idle.abort(new SyncRequestError('The server has stopped answering in the middle.'))
    let cancel = scheduler.after(idleMs, giveUp)
    const heard = () => {
      // What a hung answer still brings comes too late: its place has been asked for again.
      either.throwIfAborted()
      cancel()
      cancel = scheduler.after(idleMs, giveUp)
    }
    try {
      const body = async () => readBody(notice(await lines(path, either), heard), schema, onLines, onHeader)
      return await Promise.race([body(), whenAborted(either)])
    } finally {
      cancel()
    }
  }

  /** A refusal comes before the first line, so asking again repeats nothing. */
  const read = <Header>(
    path: string,
    signal: AbortSignal,
    schema: z.ZodType<Header>,
    onLines: (lines: string[]) => void,
    onHeader?: (header: Header) => void,
  ): Promise<Header> =>
    patiently({ scheduler, random }, signal, () => readOnce(path, signal, schema, onLines, onHeader))

  return {
    pull: async ({ stream, epoch, after, limit }, signal) => {
      const query = new URLSearchParams({ epoch, after: String(after), limit: String(limit) })
      const path = `/sync/streams/${encodeURIComponent(stream)}/events?${query.toString()}`
      const lines: Buffer[] = []
      const header = await read(path, signal, pullHeaderSchema, (batch) => {
        for (const line of batch) lines.push(Buffer.from(line))
      })
      if (lines.length !== header.count || (header.count > 0 && !isWhole(lines.at(-1)?.toString()))) {
        throw cutShort(header.count, lines.length)
      }
      return { header, events: parsed(lines) }
    },
    snapshotPage: async ({ stream, page, snapshotId }, onHeader, onRows, signal) => {
      const query = new URLSearchParams({ page: String(page), ...(snapshotId ? { snapshot_id: snapshotId } : {}) })
      const path = `/sync/streams/${encodeURIComponent(stream)}/snapshot?${query.toString()}`
      let count = 0
      let last: string | undefined
      const take = (batch: string[]) => {
        count += batch.length
        last = batch.at(-1) ?? last
        onRows(batch)
      }
      const header = await read(path, signal, snapshotHeaderSchema, take, onHeader)
      // Rows are kept unread until the last page: one that broke off must not be among them.
      if (count !== header.rows || !isWhole(last)) throw cutShort(header.rows, count)
    },
    hash: async (stream, signal) =>
      read(`/sync/streams/${encodeURIComponent(stream)}/hash`, signal, streamHashSchema, ignore),
  }
}

const ignore = (): void => {}

/** Bytes, not text, wait for their turn: they lie outside the heap, where nothing has to be moved about or grow for them. */
function* parsed(lines: readonly Buffer[]): Generator<StreamEvent> {
  for (const line of lines) yield checkEventShape(JSON.parse(line.toString()))
}

/** Never fulfils; rejects with the reason as soon as the signal aborts. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => reject(signal.reason as Error)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

async function* notice(batches: AsyncIterable<string[]>, heard: () => void): AsyncGenerator<string[]> {
  heard()
  for await (const batch of batches) {
    heard()
    yield batch
  }
}

/** The first line is the header, the others go on in batches as they arrive. */
async function readBody<Header>(
  batches: AsyncIterable<string[]>,
  schema: z.ZodType<Header>,
  onLines: (lines: string[]) => void,
  onHeader: (header: Header) => void = () => {},
): Promise<Header> {
  let header: Header | undefined
  for await (const batch of batches) {
    let lines = batch
    if (header === undefined) {
      const [first, ...others] = batch
      if (first === undefined) continue
      header = schema.parse(JSON.parse(first))
      onHeader(header)
      lines = others
    }
    if (lines.length > 0) onLines(lines)
  }
  if (header === undefined) throw new SyncRequestError('The server answered with nothing.')
  return header
}

/** JSON of an object is never the beginning of another. */
function isWhole(line: string | undefined): boolean {
  try {
    if (line !== undefined) JSON.parse(line)
    return true
  } catch {
    return false
  }
}

/** A connection that broke mid-body may end like a complete one; the header's count, or its last line, tells them apart. */
function cutShort(expected: number, got: number): SyncRequestError {
  return new SyncRequestError(`The answer was cut short: ${got} of ${expected} lines came.`)
}
