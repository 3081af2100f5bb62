/** `npm run bench -- NAME [--json]`: ours against a bare baseline in the same run. Prints one JSON object. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { runBench } = await import('./bench/bench.ts')
process.exit(await runBench(process.argv.slice(2)))
