import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FuzzBench, openFuzzBench } from './support/fuzz-bench.ts'
import type { Step } from './support/steps.ts'

/** What the simulation has found, shrunk to the steps that it takes, each with the seed that it was found by. */
const found: { promise: string; seed: number; clients: number; steps: Step[] }[] = [
  {
    promise: 'I7: a draft made offline has the birth that the server gave it, not the one it had here',
    seed: 4,
    clients: 4,
    steps: [
      { kind: 'edit', seed: 1437544420 },
      { kind: 'time', seed: 3188456722 },
    ],
  },
  {
    promise: 'I12: a page of a snapshot that breaks off in its last line is asked for again',
    seed: 1095,
    clients: 3,
    steps: [
      { kind: 'office', seed: 3405741202 },
      { kind: 'level', seed: 548416701 },
      { kind: 'office', seed: 2050825242 },
      { kind: 'traffic', seed: 2182311009 },
      { kind: 'office', seed: 571478680 },
      { kind: 'office', seed: 586526686 },
      { kind: 'traffic', seed: 967607419 },
      { kind: 'office', seed: 2080400405 },
      { kind: 'edit', seed: 1759551603 },
      { kind: 'traffic', seed: 3631734129 },
      { kind: 'traffic', seed: 3907630850 },
      { kind: 'edit', seed: 2225533189 },
      { kind: 'traffic', seed: 1724652691 },
      { kind: 'level', seed: 2700094805 },
      { kind: 'traffic', seed: 2132065703 },
    ],
  },
  {
    promise: 'I5: an edit that was accepted just before the right to see it went does not wait for ever',
    seed: 700432,
    clients: 2,
    steps: [
      { kind: 'edit', seed: 2520253611 },
      { kind: 'traffic', seed: 3908218673 },
      { kind: 'office', seed: 1848093620 },
    ],
  },
  {
    promise: 'I7: a quote that has moved on keeps its history when a snapshot of its old stream comes',
    seed: 901423,
    clients: 4,
    steps: [
      { kind: 'traffic', seed: 549776310 },
      { kind: 'backup', seed: 4089779892 },
      { kind: 'edit', seed: 2959447348 },
      { kind: 'traffic', seed: 438540867 },
      { kind: 'restore', seed: 137383970 },
    ],
  },
  {
    promise: 'I7: a quote that has moved on keeps its history when its old stream is fetched again',
    seed: 20261460,
    clients: 2,
    steps: [
      { kind: 'office', seed: 1545136856 },
      { kind: 'traffic', seed: 132678908 },
      { kind: 'edit', seed: 438740094 },
      { kind: 'edit', seed: 1941748142 },
      { kind: 'office', seed: 3699323872 },
      { kind: 'panel', seed: 1600113133 },
      { kind: 'traffic', seed: 620513136 },
      { kind: 'killClient', seed: 2815782229 },
      { kind: 'time', seed: 2781053059 },
      { kind: 'office', seed: 324254060 },
      { kind: 'beat', seed: 3265464109 },
      { kind: 'compact', seed: 3712058927 },
      { kind: 'traffic', seed: 2271811634 },
      { kind: 'traffic', seed: 1159669279 },
      { kind: 'office', seed: 1371606534 },
    ],
  },
]

let bench: FuzzBench
beforeAll(async () => {
  bench = await openFuzzBench()
})
afterAll(() => bench.remove())

describe('what simulated faults have found, once and never again', () => {
  it.each(found)('$promise (seed $seed)', async ({ seed, clients, steps }) => {
    expect((await bench.run({ seed, clients, steps }))?.error).toBeUndefined()
  })
})
