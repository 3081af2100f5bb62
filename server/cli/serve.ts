import { type Command, InvalidArgumentError, Option } from 'commander'
import { systemClock } from '../clock.ts'
import { defaultPort, scaledLimits, serverConfig } from '../config.ts'
import type { LogLevel } from '../log.ts'
import type { RunningServer } from '../server.ts'
import { answer, type CommonOptions, dataDirOf, withCommonOptions } from './common.ts'

interface ServeOptions extends CommonOptions {
  host: string
  port: number
  allowOrigin: string[]
  logLevel: LogLevel
  beatMs?: number
  limitFactor: number
}

export function registerServeCommand(program: Command): void {
  withCommonOptions(program.command('serve').description('Serve quotes over HTTP and Socket.IO until told to stop'))
    .option('--host <address>', 'address to listen on; 0.0.0.0 for every one of this machine', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 for any free one', parsePort, defaultPort)
    .option('--allow-origin <origin>', 'web page origin that may connect (may be repeated)', collect, [])
    .addOption(
      new Option('--log-level <level>', 'how much to log on standard error')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .option('--beat-ms <ms>', 'how often every stream tells its head', parsePositive)
    .option('--limit-factor <factor>', 'multiply every rate limit, for load tests', parsePositive, 1)
    .action((options: ServeOptions) => serve(options))
}

async function serve(options: ServeOptions): Promise<void> {
  const signals = listenForStop()
  // Loaded here: the other commands need no Express and no Socket.IO, and start in half the time without.
  const { createServer, StoppedError } = await import('../server.ts')
  const { createLog } = await import('../log.ts')
  const log = createLog(options.logLevel)
  const defaults = serverConfig({ dataDir: dataDirOf(options) })
  const server = createServer(
    {
      ...defaults,
      host: options.host,
      port: options.port,
      allowedOrigins: options.allowOrigin,
      beatMs: options.beatMs ?? defaults.beatMs,
      limits: scaledLimits(defaults.limits, options.limitFactor),
    },
    { clock: systemClock, log },
  )
  signals.stopWhenTold(server)
  try {
    const { url } = await server.start()
    answer(options, { url }, `QuoteDesk listens on ${url}`)
    process.send?.({ kind: 'listening', url })
  } catch (error) {
    // Told to stop while starting: that is what happens now, and no failure.
    if (!(error instanceof StoppedError)) throw error
  }
}

/**
 * On a signal, or when the launcher that forked us is gone: drain, then end with 0, whether the server is up, on its way
 * or not even loaded. A second signal ends at once.
 */
function listenForStop(): { stopWhenTold: (server: RunningServer) => void } {
  let told = false
  let running: RunningServer | null = null
  const onTold = () => {
    if (told) process.exit(1)
    told = true
    void Promise.resolve(running?.stop()).then(() => process.exit(0))
  }
  process.on('SIGTERM', onTold)
  process.on('SIGINT', onTold)
  if (process.channel) process.once('disconnect', onTold)
  return {
    stopWhenTold: (server) => {
      running = server
    },
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('expected a number from 0 to 65535')
  return port
}

function parsePositive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}
