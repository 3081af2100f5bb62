/** `npm run chaos -- [--rounds N] [--seed S]`: real processes killed at random, behind a bad line. Prints one JSON object. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { runChaos } = await import('./chaos/chaos.ts')
process.exit(await runChaos(process.argv.slice(2)))
