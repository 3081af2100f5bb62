import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FuzzBench, openFuzzBench } from './support/fuzz-bench.ts'
import { scheduleOf } from './support/run-schedule.ts'
import type { Sabotage } from './support/sabotage.ts'
import type { Emphasis } from './support/steps.ts'
import { Violation } from './support/violation.ts'

/** How long a bug may stay undiscovered. */
const withinSchedules = 150

let bench: FuzzBench
beforeAll(async () => {
  bench = await openFuzzBench()
})
afterAll(() => bench.remove())

interface Bug {
  makeSabotage: () => Sabotage
  /** Steps that it needs to show: a schedule of all kinds would find it, only later. */
  emphasis: Emphasis
}

/** Which invariants a bug is caught by; empty when it slips through. */
async function caughtBy({ makeSabotage, emphasis }: Bug): Promise<string | null> {
  for (let seed = 1; seed <= withinSchedules; seed += 1) {
    const failure = await bench.run(scheduleOf(seed, emphasis), makeSabotage())
    if (failure?.error instanceof Violation) return failure.error.invariant
    // A double may also break the code around it; that is a discovery, too.
    if (failure) return failure.error.message
  }
  return null
}

const bugs: [name: string, makeSabotage: () => Sabotage, invariants: RegExp, emphasis?: Emphasis][] = [
  [
    'I4: the server forgets what it did for a client, and does it again',
    () => ({
      beforeMutate: (raw, { client_id, mutations }) => {
        const first = mutations[0]?.mutation_id ?? 1
        raw.prepare('delete from mutation_results where client_id = ? and mutation_id >= ?').run(client_id, first)
        raw
          .prepare('update clients set last_mutation_id = min(last_mutation_id, ?) where client_id = ?')
          .run(first - 1, client_id)
      },
    }),
    /I4|I5/,
  ],
  [
    'I4: a retry gets another answer than the first time',
    () => ({
      onResults: (results, isRetry) =>
        isRetry
          ? ((results as unknown as { seq?: number }[]).map((one) =>
              one.seq ? { ...one, seq: one.seq + 1 } : one,
            ) as never)
          : results,
    }),
    /I4|I1/,
  ],
  [
    'I5: a committed edit is answered as refused',
    () => ({
      onResults: (results) =>
        (results as unknown as { outcome: string; mutation_id: number }[]).map(({ mutation_id }) => ({
          outcome: 'rejected',
          mutation_id,
          code: 'failed',
          message: '',
          current: null,
          conflicts: [],
        })) as never,
    }),
    /I5|I4/,
  ],
  [
    'I1: the server answers before what it did is safe',
    () => ({
      onServerKilled: (file, before) => {
        if (before === null) return
        rmSync(`${file}-wal`, { force: true })
      },
    }),
    /I1|I3/,
    { backup: 8, killServer: 20, level: 20 },
  ],
  [
    'I3: an event of the log is written anew',
    () => ({
      beforeMutate: (raw) => {
        raw
          .prepare(`update events set body = replace(body, '"currency":"EUR"', '"currency":"USD"') where seq = 2`)
          .run()
      },
    }),
    /I3|I7|I11|I12/,
  ],
  [
    'I11: a pull leaves out an event in the middle',
    () => ({
      onText: (path, text) => {
        const lines = text.trimEnd().split('\n')
        if (!path.includes('/events') || lines.length < 4) return text
        const header = JSON.parse(lines[0] ?? '{}') as { count: number }
        return `${[JSON.stringify({ ...header, count: header.count - 1 }), lines[1], ...lines.slice(3)].join('\n')}\n`
      },
    }),
    /I11/,
  ],
  [
    'I12: a snapshot names a place in the log that it does not show',
    () => ({
      onText: (path, text) =>
        path.includes('/snapshot')
          ? text.replace(/"seq":(\d+)/, (_all, seq: string) => `"seq":${Math.max(0, Number(seq) - 1)}`)
          : text,
    }),
    /I12/,
  ],
  [
    'I16: the server goes on talking to somebody whose right is gone',
    () => ({ keepsSockets: true }),
    /I16/,
    { office: 30, level: 30 },
  ],
  [
    'I16: the cache keeps what may no longer be seen',
    () => ({ onRun: (sql) => (sql.startsWith('DELETE FROM streams WHERE stream') ? 'skip' : undefined) }),
    /I16|I7|I14/,
  ],
  [
    'I7: the cursor is written in another transaction than its rows',
    () => ({ onRun: (sql) => (sql.startsWith('INSERT INTO streams') ? 'late' : undefined) }),
    /I7|I15/,
    { killClient: 30, startClient: 20, office: 20 },
  ],
  ['I7: history is not written', () => ({ onRun: (sql) => (/INTO history/.test(sql) ? 'skip' : undefined) }), /I7/],
  [
    'I15: a pending edit stays on top of its own event',
    () => ({ onRun: (sql) => (sql.startsWith('DELETE FROM outbox') ? 'skip' : undefined) }),
    /I15|I5/,
  ],
  [
    'I5, I13: edits are thrown away with the rows of a new epoch',
    () => ({
      onRun: (sql) =>
        /UPDATE outbox SET mutation_id = NULL|UPDATE outbox SET state = 'waiting'/.test(sql) ? 'skip' : undefined,
    }),
    /I5|I14|I15/,
    { backup: 12, restore: 8, edit: 30, level: 30 },
  ],
  [
    'I6, I9: events behind a gap are applied as if they were next',
    () => ({
      listener: (listener) => {
        const seen = new Map<string, number>()
        return {
          ...listener,
          event: (raw) => {
            const event = raw as { place: { stream: string; seq: number } }
            const last = seen.get(event.place.stream)
            const seq = last === undefined ? event.place.seq : last + 1
            seen.set(event.place.stream, seq)
            listener.event({ ...event, place: { ...event.place, seq } })
          },
        }
      },
    }),
    /I6|I7|I15/,
    { office: 30, traffic: 40 },
  ],
  [
    'I10: heads are not listened to',
    () => ({
      listener: (listener) => ({
        ...listener,
        beat: (beat) => listener.beat({ ...beat, head: 0 }),
        welcome: (welcome) =>
          listener.welcome({ ...welcome, streams: welcome.streams.map(({ stream }) => ({ stream, head: 0 })) }),
      }),
    }),
    /I14/,
    { office: 20, traffic: 40 },
  ],
  [
    'I15: the origin of events is lost on the way',
    () => ({
      listener: (listener) => ({
        ...listener,
        event: (raw) => {
          const event = raw as { place: object }
          listener.event({ ...event, place: { ...event.place, origin: null } })
        },
      }),
    }),
    /I15|I5/,
  ],
]

describe('the checker finds bugs that were put in on purpose', () => {
  it.each(bugs)('%s', async (_name, makeSabotage, invariants, emphasis = {}) => {
    expect(await caughtBy({ makeSabotage, emphasis })).toMatch(invariants)
  })

  it('and finds nothing where there is none', async () => {
    expect(await bench.run(scheduleOf(1), {})).toBeNull()
  })
})
