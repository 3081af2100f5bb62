/** `npm run check`: everything that can be judged without running the product. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { runChecks } = await import('./check/check.ts')
process.exitCode = runChecks()
