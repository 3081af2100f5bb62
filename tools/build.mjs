/** `npm run build`: main, preload and renderer into `out/`, unless they were built from exactly these sources. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { ensureBuilt } = await import('./build/ensure-built.ts')
process.stdout.write((await ensureBuilt()) ? 'built\n' : 'already built\n')
