import type { Person } from '../../../domain/directory.ts'
import type { Toast } from '../../../domain/host/messages.ts'
import type { Quote } from '../../../domain/quote.ts'
import { type AlertFilter, alertFilterSchema } from '../../../domain/rpc/alerts.ts'
import { changeStatus } from '../../../server/quotes/change-status.ts'
import { password, type RestartableServer, startRestartableServer } from './restartable-server.ts'
import { type EngineSetting, startTestEngine, type TestEngine } from './test-engine.ts'
import { addDraft, emailOf } from './world.ts'

/** A real server and machines of its people, each an engine with a folder of its own. */
export interface Devices {
  server: RestartableServer
  /** Signed in and level with the server. */
  device: (person: Person, name: string, given?: Partial<EngineSetting>) => Promise<Device>
  /** An open quote of Rob's; its `expires_on` decides which alerts it raises. */
  addOpen: (expires_on: string, given?: Partial<Quote>) => Promise<Quote>
  dispose: () => Promise<void>
}

export interface Device extends TestEngine {
  toasts: () => Toast[]
  closed: () => string[]
  badge: () => number | null
  /** The host says that it has shown the toast. */
  shows: (toast: Toast | undefined) => void
  alerts: (filter?: Partial<AlertFilter>) => ReturnType<TestEngine['client']['alerts']['page']>
  verify: () => Promise<string[]>
}

export async function startDevices(): Promise<Devices> {
  const server = await startRestartableServer()
  const engines = new Set<TestEngine>()

  const device: Devices['device'] = async (person, name, given = {}) => {
    const email = emailOf(person)
    const engine = startTestEngine({
      serverUrl: server.url,
      dataDir: `${server.dir}/${name}`,
      clock: server.clock,
      sampleAccounts: [{ name: person.name, role: 'rep', email, password }],
      ...given,
    })
    engines.add(engine)
    await engine.client.session.signInSample({ email })
    await engine.becomes('live')
    return {
      ...engine,
      stop: async () => {
        if (engines.delete(engine)) await engine.stop()
      },
      toasts: () => engine.told.flatMap((message) => (message.kind === 'show_toast' ? [message.toast] : [])),
      closed: () => engine.told.flatMap((message) => (message.kind === 'close_toast' ? [message.key] : [])),
      badge: () => engine.told.flatMap((message) => (message.kind === 'badge' ? [message.count] : [])).at(-1) ?? null,
      shows: (toast) => {
        if (!toast) throw new Error('there is no toast')
        engine.tell({ kind: 'toast_event', key: toast.key, event: 'shown', detail: null })
      },
      alerts: (filter = {}) =>
        engine.client.alerts.page({ filter: alertFilterSchema.parse(filter), offset: 0, limit: 100 }),
      verify: async () => {
        const { streams } = await firstOf(engine.client.sync.watch())
        const found: string[] = []
        for (const { stream, label } of streams) {
          const { kind } = await engine.client.sync.verify({ stream })
          found.push(`${label}: ${kind}`)
        }
        return found
      },
    }
  }

  return {
    server,
    device,
    addOpen: (expires_on, given = {}) =>
      server.store().transact(async (tx) => {
        const quote = await addDraft(tx, server.world, { expires_on, ...given })
        const change = { transition: { to: 'active' as const }, reason: null }
        await changeStatus(tx, quote, change, server.world.rob)
        return quote
      }),
    dispose: async () => {
      for (const engine of engines) await engine.stop()
      await server.dispose()
    },
  }
}

export async function firstOf<Value>(watching: Promise<AsyncIterable<Value>>): Promise<Value> {
  for await (const value of await watching) return value
  throw new Error('nothing was told')
}
