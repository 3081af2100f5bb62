/** `npm test`: every check and test there is, set up by itself. See tools/README.md. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { runAllTests } = await import('./test/run.ts')
await runAllTests(process.argv.slice(2))
