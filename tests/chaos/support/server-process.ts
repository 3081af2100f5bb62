import { systemClock } from '../../../server/clock.ts'
import { scaledLimits, serverConfig } from '../../../server/config.ts'
import { createLog } from '../../../server/log.ts'
import { createServer } from '../../../server/server.ts'

/**
 * The whole server in a process of its own, as `quotedesk serve` runs it, on a clock that is ahead of the machine's: alerts
 * are shown in working hours only, and a campaign runs on any day. Argv: data folder, port, milliseconds ahead.
 */
const [dataDir = '', port = '0', aheadMs = '0'] = process.argv.slice(2)
const defaults = serverConfig({ dataDir })
const server = createServer(
  { ...defaults, port: Number(port), beatMs: 400, limits: scaledLimits(defaults.limits, 1_000) },
  { clock: { nowMs: () => systemClock.nowMs() + Number(aheadMs) }, log: createLog('error') },
)
process.once('disconnect', () => void server.stop().then(() => process.exit(0)))
const { url } = await server.start()
process.send?.({ kind: 'listening', url })
