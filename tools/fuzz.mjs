/** `npm run fuzz -- [--schedules N] [--seed S] [--workers W]`: simulated faults against a plain oracle. Prints one JSON object. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { runFuzz } = await import('./fuzz/fuzz.ts')
process.exit(await runFuzz(process.argv.slice(2)))
