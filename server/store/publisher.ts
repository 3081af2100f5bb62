import type { Kysely } from 'kysely'
import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { parseBody, readBodies, readHeads } from './log.ts'
import type { Tables } from './tables.ts'

export type CommittedListener = (events: readonly StreamEvent[]) => void

/** Foreign events are handed on in portions, so that a large import by the CLI does not hold the event loop. */
const portion = 500

/**
 * Hands committed events to whoever listens, per stream in order of seq and without holes, also those that another
 * process (a CLI command on the same file) committed.
 */
export class Publisher {
  private readonly db: Kysely<Tables>
  private readonly listeners = new Set<CommittedListener>()
  private readonly published: Map<string, number>

  private constructor(db: Kysely<Tables>, published: Map<string, number>) {
    this.db = db
    this.published = published
  }

  /** Starts level with the log: what was committed before is nobody's news. */
  static async create(db: Kysely<Tables>): Promise<Publisher> {
    const rows = await db.selectFrom('streams').select(['stream', 'head']).execute()
    return new Publisher(db, new Map(rows.map((row) => [row.stream, row.head])))
  }

  listen(listener: CommittedListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  publishedHead(stream: StreamName): number {
    return this.published.get(stream) ?? 0
  }

  /** Own events, right after their commit. */
  async publish(events: readonly StreamEvent[]): Promise<void> {
    for (const { place } of events) {
      const known = this.published.get(place.stream) ?? 0
      if (place.seq > known + 1) await this.publishUpTo(place.stream, place.seq - 1)
      this.published.set(place.stream, place.seq)
    }
    if (events.length > 0) this.tell(events)
  }

  /**
   * Whatever the log has beyond what was published, also of other processes; the directory, which holds the rights, first.
   * Cheap when there is nothing: one small table is read.
   */
  async publishForeign(): Promise<void> {
    const rows = await this.db.selectFrom('streams').select(['stream', 'head']).orderBy('stream').execute()
    for (const { stream, head } of rows) await this.publishUpTo(stream as StreamName, head)
  }

  private async publishUpTo(stream: StreamName, head: number): Promise<void> {
    let known = this.published.get(stream) ?? 0
    while (known < head) {
      const expected = Math.min(portion, head - known)
      const bodies = await readBodies(this.db, stream, known, expected)
      if (bodies.length < expected) {
        known = await this.floorAbove(stream, known)
        this.published.set(stream, known)
        continue
      }
      known += bodies.length
      this.published.set(stream, known)
      this.tell(bodies.map(parseBody))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Another process may have written events and compacted them away at once: nobody can be told of those, only pull. */
  private async floorAbove(stream: StreamName, known: number): Promise<number> {
    const [found] = await readHeads(this.db, [stream])
    if (found && found.floor > known) return found.floor
    throw new Error(`the log of ${stream} has no event ${known + 1}: run "quotedesk verify"`)
  }

  private tell(events: readonly StreamEvent[]): void {
    for (const listener of this.listeners) listener(events)
  }
}
