import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FuzzBench, openFuzzBench } from './support/fuzz-bench.ts'
import { type Failure, runSchedule, scheduleOf } from './support/run-schedule.ts'

/** Few enough for every run of all tests; `npm run fuzz -- --schedules N` runs as many as there is time for. */
const portions = 10
const perPortion = 30

let bench: FuzzBench
beforeAll(async () => {
  bench = await openFuzzBench()
})
afterAll(() => bench.remove())

/** A failure in words that say how to get at it again. */
const told = ({ schedule, error }: Failure) =>
  `${error.message}\n(npm run fuzz -- --schedules 1 --seed ${schedule.seed})\n${error.stack ?? ''}`

async function failuresOf(firstSeed: number): Promise<string[]> {
  const failures: string[] = []
  for (let seed = firstSeed; seed < firstSeed + perPortion; seed += 1) {
    const failure = await runSchedule(scheduleOf(seed), bench)
    if (failure) failures.push(told(failure))
  }
  return failures
}

describe('I1–I7, I10–I16 in simulated faults', () => {
  it('the same seed gives the same run', async () => {
    const traces = []
    for (let n = 0; n < 2; n += 1) traces.push(await bench.traceOf(scheduleOf(11)))
    expect(traces[0]).toEqual(traces[1])
    expect(traces[0]?.length).toBeGreaterThan(30)
  })

  const fresh = randomInt(2 ** 31)
  it.each(Array.from({ length: portions }, (_, index) => fresh + index * perPortion))(
    `fresh schedules ${perPortion} at a time, from seed %i`,
    async (seed) => expect(await failuresOf(seed)).toEqual([]),
  )
  it('schedules that are always the same', async () => expect(await failuresOf(1)).toEqual([]))
})
