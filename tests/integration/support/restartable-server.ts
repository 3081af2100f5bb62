import { pino } from 'pino'
import { hashPassword } from '../../../server/auth/passwords.ts'
import { type GivenConfig, serverConfig } from '../../../server/config.ts'
import { createServer, type RunningServer } from '../../../server/server.ts'
import type { Store } from '../../../server/store/store.ts'
import { type HandClock, handClock, seedWorld, tempDataDir, type World } from './world.ts'

export const password = 'correct horse battery'

/** The real server on one port and one folder, which can go away and come back. */
export interface RestartableServer {
  url: string
  dir: string
  clock: HandClock
  world: World
  /** Of the run that is up; throws while it is down. */
  store: () => Store
  start: () => Promise<void>
  stop: () => Promise<void>
  dispose: () => Promise<void>
}

export async function startRestartableServer(given: Partial<GivenConfig> = {}): Promise<RestartableServer> {
  const { dir, remove } = tempDataDir()
  const clock = handClock()
  let port = 0
  let up: { server: RunningServer; store: Store } | null = null
  const start = async () => {
    const config = serverConfig({ dataDir: dir, beatMs: 100, ...given, port })
    const server = createServer(config, { clock, log: pino({ level: 'silent' }) })
    const { port: taken, store } = await server.start()
    port = taken
    up = { server, store }
  }
  const stop = async () => {
    await up?.server.stop()
    up = null
  }
  await start()
  const store = () => {
    if (!up) throw new Error('the server is down')
    return up.store
  }
  const world = await seedWorld(store(), await hashPassword(password))
  return {
    url: `http://127.0.0.1:${port}`,
    dir,
    clock,
    world,
    store,
    start,
    stop,
    dispose: async () => {
      await stop()
      remove()
    },
  }
}
