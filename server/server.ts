import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http'
import type { Logger } from 'pino'
import type { Clock } from '../domain/time.ts'
import { startAlertSweep } from './alerts/sweep.ts'
import { startSweep } from './announcements/sweep.ts'
import { createAccessTokens } from './auth/access-tokens.ts'
import { createIdentifyToken } from './auth/authenticate.ts'
import { createCheckPassword } from './auth/sign-in.ts'
import { loadSigningKey } from './auth/signing-key.ts'
import { databaseFile, type ServerConfig, signingKeyFile } from './config.ts'
import type { Deps } from './deps.ts'
import { startHousekeeping } from './housekeeping.ts'
import { createApp } from './http/app.ts'
import { createLimiter } from './http/limiter.ts'
import { listen } from './http/listen.ts'
import { createMetricsReader } from './metrics/read-metrics.ts'
import { type Gateway, startGateway } from './socket/gateway.ts'
import { openStore, type Store } from './store/store.ts'
import { createSnapshots, type Snapshots } from './sync/snapshots.ts'
import { createStreamHashes } from './sync/stream-hash.ts'

export interface RunningServer {
  /** Opens the data folder and the port. @throws DataFolderError, NewerSchemaError, PortError, StoppedError */
  start(): Promise<{ url: string; port: number; store: Store; gateway: Gateway; snapshots: Snapshots }>
  /** Tells everybody, finishes what is under way and closes the database. */
  stop(): Promise<void>
}

/** How long requests under way may take to finish once the server stops. */
const drainMs = 5_000
const headersWithinMs = 15_000
const checkConnectionsEachMs = 2_000

/** `stop` was called before `start` was done; what had been opened is closed again. */
export class StoppedError extends Error {
  constructor() {
    super('the server was told to stop before it had started')
    this.name = 'StoppedError'
  }
}

/** Puts the server together. Nothing happens before `start`; a stopped server is not started again. */
export function createServer(config: ServerConfig, { clock, log }: { clock: Clock; log: Logger }): RunningServer {
  const cleanUp: (() => Promise<void> | void)[] = []
  let stopping = false
  let starting: Promise<unknown> | null = null
  let stopped: Promise<void> | null = null

  const closeAll = async () => {
    // In the opposite order of starting, each whatever happened to the one before.
    for (const step of cleanUp.splice(0).toReversed()) {
      try {
        await step()
      } catch (error) {
        log.error({ err: error }, 'a part of the server did not stop cleanly')
      }
    }
  }

  const unlessStopping = () => {
    if (stopping) throw new StoppedError()
  }

  const open = async () => {
    unlessStopping()
    const key = loadSigningKey(signingKeyFile(config.dataDir))
    const store = await openStore({
      file: databaseFile(config.dataDir),
      clock,
      onListenerError: (error) => log.error({ err: error }, 'telling of a committed event failed'),
    })
    cleanUp.push(() => store.close())
    unlessStopping()
    const deps = await assemble({ config, clock, log, store, key })
    cleanUp.push(() => deps.snapshots.close())
    cleanUp.push(() => deps.hashes.close())
    cleanUp.push(startHousekeeping(deps))

    const http = createHttp(config, await createApp(deps, () => stopping))
    unlessStopping()
    const gateway = startGateway(http, deps, () => stopping)
    cleanUp.push(() => closeHttp(http))
    cleanUp.push(() => gateway.stop())
    cleanUp.push(startSweep(gateway.io, deps))
    cleanUp.push(startAlertSweep(deps))
    unlessStopping()
    const { port } = await listen(http, config)
    unlessStopping()
    const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
    log.info({ url, epoch: store.epoch }, 'listening')
    return { url, port, store, gateway, snapshots: deps.snapshots }
  }

  const openOrClose = async () => {
    try {
      return await open()
    } catch (error) {
      await closeAll()
      throw error
    }
  }

  const stop = async () => {
    stopping = true
    // What is half open is closed by whoever opens it.
    await starting?.catch(() => undefined)
    await closeAll()
  }

  return {
    start: () => {
      const opening = openOrClose()
      starting = opening
      return opening
    },
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Whoever sends or reads too slowly loses the connection; sockets of the live link are not meant, they have beats. */
function createHttp(config: ServerConfig, app: RequestListener): HttpServer {
  const http = createHttpServer(
    {
      requestTimeout: config.requestWithinMs,
      headersTimeout: Math.min(config.requestWithinMs, headersWithinMs),
      connectionsCheckingInterval: checkConnectionsEachMs,
    },
    app,
  )
  http.timeout = config.answerStallMs
  return http
}

async function assemble(parts: Pick<Deps, 'config' | 'clock' | 'log' | 'store'> & { key: Uint8Array }): Promise<Deps> {
  const { config, clock, log, store, key } = parts
  const tokens = createAccessTokens(key, clock)
  const { limits } = config
  return {
    config,
    clock,
    log,
    store,
    tokens,
    identify: createIdentifyToken(store, tokens, clock),
    checkPassword: await createCheckPassword(store),
    metrics: createMetricsReader(store, clock),
    snapshots: createSnapshots(store, clock, config.snapshot),
    hashes: createStreamHashes(store, clock, config.hashes),
    limiters: {
      signInAccount: createLimiter(limits.signInAccount, 'attempts to sign in to this account'),
      signInAddress: createLimiter(limits.signInAddress, 'attempts to sign in from this address'),
      refreshAddress: createLimiter(limits.refreshAddress, 'refreshes of sessions from this address'),
      requestsByAddress: createLimiter(limits.requestsByAddress, 'requests from this address'),
      requestsByPerson: createLimiter(limits.requestsByPerson, 'requests of this person'),
      upgradesByAddress: createLimiter(limits.upgradesByAddress, 'connections from this address'),
      handshakesByPerson: createLimiter(limits.handshakesByPerson, 'connections of this person'),
      socketEvents: createLimiter(limits.socketEvents, 'messages on this connection'),
    },
  }
}

async function closeHttp(http: HttpServer): Promise<void> {
  const force = setTimeout(() => http.closeAllConnections(), drainMs)
  await new Promise<void>((resolve) => {
    http.close(() => resolve())
    http.closeIdleConnections()
  })
  clearTimeout(force)
}
