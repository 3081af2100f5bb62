/** `npm start`: builds what is stale, starts the server and opens the client. See tools/README.md for the flags. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { startEverything } = await import('./start/start.ts')
await startEverything(process.argv.slice(2))
