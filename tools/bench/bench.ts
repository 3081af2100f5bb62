import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Measure } from '../../tests/bench/support/machine.ts'
import { machine } from '../../tests/bench/support/machine.ts'
import { ensureBuilt } from '../build/ensure-built.ts'
import { projectRoot } from '../project-root.ts'

const folder = join(projectRoot, 'tests', 'bench')
const suffix = '.bench.ts'

/** Progress goes to standard error, the one JSON object to standard output. @returns the exit code */
export async function runBench([name, ...flags]: readonly string[]): Promise<number> {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
  if (name === undefined || !names.includes(name)) {
    process.stderr.write(`usage: npm run bench -- NAME [--json]\nNAME is one of: ${names.join(', ')}\n`)
    return 2
  }
  // What is measured is what ships: the built engine.
  await ensureBuilt()
  const { measure } = (await import(join(folder, `${name}${suffix}`))) as { measure: Measure }
  const { ours, baseline, ratio } = await measure((line) => void process.stderr.write(`${name}: ${line}\n`))
  const result = { name, machine: machine(), ours, baseline, ratio }
  process.stdout.write(`${JSON.stringify(result, null, flags.includes('--json') ? 0 : 2)}\n`)
  return 0
}
