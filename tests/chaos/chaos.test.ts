import { randomInt } from 'node:crypto'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../tools/build/ensure-built.ts'
import { projectRoot } from '../../tools/project-root.ts'
import { runCampaign } from './support/campaign.ts'
import { noDamage } from './support/checks.ts'

/** Few enough for every run of all tests; `npm run chaos -- --rounds N` runs as many as there is time for. */
const rounds = 10

describe('server and engines killed at random, behind a line that cuts, stalls and doubles', () => {
  const seed = randomInt(2 ** 31)
  it(`I1, I2, I4, I5, I8, I14: nothing lost, no gap, nothing twice (seed ${seed})`, { timeout: 600_000 }, async () => {
    // What is killed is what ships, and the built engine starts in half the time.
    await ensureBuilt()
    const built = path.join(projectRoot, 'out', 'main')
    const told: string[] = []
    const result = await runCampaign({ rounds, seed, built, onRound: (line) => told.push(line) })
    // The rounds go along: they say when it happened.
    expect({ damage: result.damage, told }).toEqual({ damage: noDamage(), told: expect.arrayContaining([]) })
    expect(result).toMatchObject({ rounds })
    // A campaign in which nothing happened proves nothing.
    expect(result.edits_in_the_log).toBeGreaterThan(rounds)
    expect(result.server_kills + result.engine_kills).toBeGreaterThan(rounds / 2)
  })
})
