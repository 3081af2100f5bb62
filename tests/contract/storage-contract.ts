import { array, assert, asyncProperty, constant, constantFrom, nat, oneof, record } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** What a store answers to a pull: the run of events after the cursor as they were stored, or why there is none. */
export type Pulled = { head: number; events: string[] } | { resync: string }
export type Mutated = { answers: unknown[] } | { gap: number }

/**
 * A store of streams, as the rules of the protocol see it: no word of tables or SQL. Whatever keeps the log (SQLite today)
 * is put behind this and held to the same suite. Everything is about one stream.
 */
export interface StreamStore {
  epoch: () => string
  /** One transaction with one event for each name. @param fails it breaks off just before its end */
  append: (names: readonly string[], fails?: boolean) => Promise<void>
  pull: (after: number, options?: { epoch?: string; limit?: number }) => Promise<Pulled>
  /** All rows at exactly one seq, as changes. */
  snapshot: () => Promise<{ epoch: string; seq: number; rows: string[] }>
  /** What a state and the changes after it add up to: the rows as changes, in the order of a snapshot. */
  fold: (rows: readonly string[], events: readonly string[]) => string[]
  /** Queued edits of a client, each known again by its text. */
  mutate: (clientId: string, edits: readonly { id: number; text: string }[]) => Promise<Mutated>
  /** Deletes all but the newest events from the log. */
  compact: (keep: number) => Promise<void>
  /** The process is killed and started again on what it left. */
  crash: () => Promise<void>
  backup: () => Promise<void>
  /** The last backup takes the place of what is there. */
  restore: () => Promise<void>
  close: () => Promise<void>
}

const client = '3f6b2a10-0000-4000-8000-000000000001'

const seqsOf = (events: readonly string[]) =>
  events.map((text) => (JSON.parse(text) as { place: { seq: number } }).place.seq)

const timesIn = (events: readonly string[], text: string) => events.filter((event) => event.includes(text)).length

/** The same answers apart from the history that they are of. */
const apartFromEpoch = (told: Mutated) =>
  'answers' in told ? told.answers.map((one) => ({ ...(one as object), epoch: null })) : told

/** I1–I4 and I11–I13 for any store of streams. */
export function storageContract(name: string, open: () => Promise<StreamStore>): void {
  describe(`a store of streams: ${name}`, () => {
    let store: StreamStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const all = async (after = 0): Promise<string[]> => {
      const pulled = await store.pull(after)
      if ('resync' in pulled) throw new Error(`expected events, got resync: ${pulled.resync}`)
      return pulled.events
    }
    const head = async (): Promise<number> => {
      const pulled = await store.pull((await store.snapshot()).seq)
      return 'resync' in pulled ? -1 : pulled.head
    }

    it('I1: what was committed is there after a kill, and what was not has left no trace', async () => {
      const before = await all()
      await store.append(['kept'])
      await expect(store.append(['half', 'done'], true)).rejects.toThrow('broken off')
      await store.crash()
      const events = await all()
      expect(events.slice(0, before.length)).toEqual(before)
      expect(timesIn(events, 'kept')).toBe(1)
      expect(timesIn(events, 'half')).toBe(0)
      expect((await store.snapshot()).rows.join()).not.toContain('half')
    })

    it('I2: many at once get seqs without a hole, also around those that fail', async () => {
      const start = await head()
      const attempts = Array.from({ length: 30 }, (_, n) => store.append([`a${n}`, `b${n}`], n % 3 === 0))
      const done = await Promise.allSettled(attempts)
      const committed = done.filter(({ status }) => status === 'fulfilled').length
      expect(committed).toBe(20)
      const events = await all(start)
      expect(seqsOf(events)).toEqual(Array.from({ length: committed * 2 }, (_, n) => start + n + 1))
    })

    it('I2, I11: pages follow each other without a hole or an overlap, whatever their size', async () => {
      const start = await head()
      await store.append(Array.from({ length: 11 }, (_, n) => `page ${n}`))
      const whole = await all(start)
      for (const limit of [1, 3, 11, 50]) {
        const paged: string[] = []
        for (;;) {
          const page = await store.pull(start + paged.length, { limit })
          if ('resync' in page) throw new Error(page.resync)
          if (page.events.length === 0) break
          expect(page.events.length).toBeLessThanOrEqual(limit)
          paged.push(...page.events)
        }
        expect(paged).toEqual(whole)
      }
    })

    it('I3: an event reads the same for ever: after more events, a kill, a compaction', async () => {
      await store.append(['one', 'two', 'three'])
      const at = await head()
      const [last] = (await all(at - 1)).slice(0, 1)
      await store.append(['one', 'two'])
      expect((await all(at - 1))[0]).toBe(last)
      await store.crash()
      expect((await all(at - 1))[0]).toBe(last)
      await store.compact(3)
      expect((await all(at - 1))[0]).toBe(last)
    })

    it('I4: a mutation has one effect however often it comes, and the same answer each time', async () => {
      const start = await head()
      const edits = [
        { id: 1, text: 'edit-one' },
        { id: 2, text: 'edit-two' },
      ]
      const first = await store.mutate(client, edits)
      const again = await Promise.all([store.mutate(client, edits), store.mutate(client, edits)])
      await store.crash()
      const later = await store.mutate(client, [...edits, { id: 3, text: 'edit-three' }])
      expect(again).toEqual([first, first])
      if (!('answers' in later) || !('answers' in first)) throw new Error('a retry was refused')
      expect(later.answers.slice(0, 2)).toEqual(first.answers)
      const events = await all(start)
      for (const text of ['edit-one', 'edit-two', 'edit-three']) expect(timesIn(events, text)).toBe(1)
    })

    it('I4: a gap in the numbers is refused as a whole, without any effect', async () => {
      const start = await head()
      await store.mutate(client, [{ id: 1, text: 'fine' }])
      const refused = await store.mutate(client, [
        { id: 2, text: 'next' },
        { id: 4, text: 'skips' },
      ])
      expect(refused).toEqual({ gap: 3 })
      const events = await all(start)
      expect([timesIn(events, 'fine'), timesIn(events, 'next'), timesIn(events, 'skips')]).toEqual([1, 0, 0])
      expect(await store.mutate(client, [{ id: 2, text: 'next' }])).toHaveProperty('answers')
    })

    it('I11: a cursor that the log does not reach gets a resync, never a hole', async () => {
      await store.append(['1', '2', '3', '4', '5', '6'])
      const at = await head()
      expect(await store.pull(at + 1)).toEqual({ resync: 'ahead_of_head' })
      await store.compact(2)
      expect(await store.pull(at - 3)).toEqual({ resync: 'compacted' })
      expect(seqsOf(await all(at - 2))).toEqual([at - 1, at])
      expect(await store.pull(at)).toEqual({ head: at, events: [] })
    })

    it('I12: a snapshot and the log after it are the whole log, whatever was compacted in between', async () => {
      const step = oneof(
        record({
          do: constant('append' as const),
          names: array(constantFrom('p', 'q', 'r'), { minLength: 1, maxLength: 4 }),
        }),
        record({ do: constant('compact' as const), keep: nat(5) }),
        record({ do: constant('snapshot' as const) }),
      )
      await assert(
        asyncProperty(array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
          let base = await store.snapshot()
          let since: string[] = []
          const catchUp = async () => since.push(...(await all(base.seq + since.length)))
          for (const one of steps) {
            if (one.do === 'append') {
              await store.append(one.names)
              await catchUp()
            } else if (one.do === 'compact') await store.compact(one.keep)
            else {
              base = await store.snapshot()
              since = []
            }
          }
          const now = await store.snapshot()
          expect(now.seq).toBe(base.seq + since.length)
          expect(store.fold(base.rows, since)).toEqual(now.rows)
        }),
        { numRuns: 15 },
      )
    })

    it('I13: a restored backup is another history: old cursors are told so, old answers still hold', async () => {
      const first = await store.mutate(client, [{ id: 1, text: 'before the backup' }])
      await store.backup()
      const epoch = store.epoch()
      const at = await head()
      await store.append(['lost'])
      await store.mutate(client, [{ id: 2, text: 'lost as well' }])
      await store.restore()
      expect(store.epoch()).not.toBe(epoch)
      expect(await store.pull(at, { epoch })).toEqual({ resync: 'epoch_changed' })
      expect(await store.snapshot()).toMatchObject({ epoch: store.epoch(), seq: at })
      await store.append(['goes on'])
      expect(seqsOf(await all(at))).toEqual([at + 1])
      const answer = await store.mutate(client, [{ id: 1, text: 'before the backup' }])
      expect(apartFromEpoch(answer)).toEqual(apartFromEpoch(first))
      expect(await store.mutate(client, [{ id: 3, text: 'numbered by the lost history' }])).toEqual({ gap: 2 })
    })
  })
}
