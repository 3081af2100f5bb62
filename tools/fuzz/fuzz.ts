import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Found, startFuzzWorker } from './pool.ts'

const usage = `usage: npm run fuzz -- [--schedules N] [--seed S] [--workers W]
Runs schedules S, S + 1 … of faults through server, network and clients. --seed S --schedules 1 replays one.
`
/** So many seeds a worker takes at a time. */
const portion = 20
const tellEveryMs = 5_000
/** After this many a person has enough to read. */
const mostFailures = 5

/** Progress goes to standard error, the one JSON object to standard output. @returns the exit code */
export async function runFuzz(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    process.stderr.write(usage)
    return 2
  }
  const { seed, schedules, workers } = options
  process.stderr.write(`fuzz: ${schedules} schedules from seed ${seed} on, ${workers} workers\n`)
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1_000
  const failures: Found[] = []
  let next = 0
  let done = 0
  let toldAt = began

  const tell = () => {
    toldAt = performance.now()
    process.stderr.write(
      `fuzz: ${done} done, ${(done / seconds()).toFixed(1)} schedules/s, ${failures.length} failed\n`,
    )
  }
  const takePortion = (): { from: number; to: number } | null => {
    if (next >= schedules || failures.length >= mostFailures) return null
    const from = next
    next = Math.min(schedules, from + portion)
    return { from: seed + from, to: seed + next }
  }
  await Promise.all(
    Array.from({ length: Math.min(workers, schedules) }, () =>
      startFuzzWorker(takePortion, {
        onDone: () => {
          done += 1
          if (performance.now() - toldAt > tellEveryMs) tell()
        },
        onFound: (found) => {
          failures.push(found)
          process.stderr.write(`fuzz: seed ${found.seed} fails: ${found.message}\n`)
        },
      }),
    ),
  )
  tell()
  const result = {
    seed,
    schedules: done,
    workers,
    seconds: Math.round(seconds() * 10) / 10,
    schedules_per_second: Math.round((done / seconds()) * 10) / 10,
    failures,
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  return failures.length === 0 ? 0 : 1
}

function readOptions(args: readonly string[]): { seed: number; schedules: number; workers: number } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { schedules: { type: 'string' }, seed: { type: 'string' }, workers: { type: 'string' } },
    })
    const options = {
      seed: Number(values.seed ?? randomInt(2 ** 31)),
      schedules: Number(values.schedules ?? 1_000),
      workers: Number(values.workers ?? availableParallelism()),
    }
    const sound = Number.isSafeInteger(options.seed) && options.schedules > 0 && options.workers > 0
    return sound ? options : null
  } catch {
    return null
  }
}
