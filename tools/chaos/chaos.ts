import { randomInt } from 'node:crypto'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isWhole, runCampaign } from '../../tests/chaos/support/campaign.ts'
import { ensureBuilt } from '../build/ensure-built.ts'
import { projectRoot } from '../project-root.ts'

const usage = `usage: npm run chaos -- [--rounds N] [--seed S]
Kills server and engines at random moments under load, behind a line that cuts, stalls and doubles connections.
`

/** Progress goes to standard error, the one JSON object to standard output. @returns the exit code */
export async function runChaos(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    process.stderr.write(usage)
    return 2
  }
  // What is killed is what ships: the built engine.
  await ensureBuilt()
  process.stderr.write(`chaos: ${options.rounds} rounds, seed ${options.seed}\n`)
  const result = await runCampaign({
    ...options,
    built: path.join(projectRoot, 'out', 'main'),
    onRound: (line) => void process.stderr.write(`chaos: ${line}\n`),
  })
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  return isWhole(result.damage) ? 0 : 1
}

function readOptions(args: readonly string[]): { rounds: number; seed: number } | null {
  try {
    const { values } = parseArgs({ args: [...args], options: { rounds: { type: 'string' }, seed: { type: 'string' } } })
    const rounds = Number(values.rounds ?? 20)
    const seed = Number(values.seed ?? randomInt(2 ** 31))
    return rounds > 0 && Number.isSafeInteger(seed) ? { rounds, seed } : null
  } catch {
    return null
  }
}
