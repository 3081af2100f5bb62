/** `npm run -s quotedesk -- …`: the server's command line. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
await import('../server/cli/main.ts')
