/** `npm run dist`: installers; `-- --stand-in` packs an unpacked app around a stand-in for Electron's runtime. */
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()
const { makeDist } = await import('./dist/dist.ts')
await makeDist(process.argv.slice(2))
