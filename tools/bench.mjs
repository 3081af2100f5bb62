/** `npm run bench -- NAME [--json]`: measures ours against a bare baseline in the same run. Prints one JSON object. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()

const folder = path.resolve(import.meta.dirname, '../tests/bench')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))

const [name, ...flags] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- NAME [--json]\nNAME is one of: ${names.join(', ')}\n`)
  process.exit(2)
}
const { machine } = await import(pathToFileURL(path.join(folder, 'support/machine.ts')).href)
const { measure } = await import(pathToFileURL(path.join(folder, `${name}.bench.ts`)).href)
const progress = (line) => process.stderr.write(`${name}: ${line}\n`)
const { ours, baseline, ratio } = await measure(progress)
process.stdout.write(
  `${JSON.stringify({ name, machine: machine(), ours, baseline, ratio }, null, flags.includes('--json') ? 0 : 2)}\n`,
)
process.exit(0)
