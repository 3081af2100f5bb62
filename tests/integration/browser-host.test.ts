import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Port } from '../../domain/host/port.ts'
import {
  type BrowserHost,
  type BrowserHostOptions,
  startBrowserHost,
} from '../../src-main/browser-host/browser-host.ts'
import { openBridge } from '../../src-renderer/bridge.ts'
import { createEngineClient } from '../../src-renderer/engine-link/engine-client.ts'
import { ensureBuilt } from '../../tools/build/ensure-built.ts'
import { browserWebSocket, fakePage } from '../contract/support/browser-page.ts'
import { eventually } from '../support/eventually.ts'
import { hasDbusDaemon, TestBus, TestDaemon } from '../support/notification-bus.ts'

const obedientEngine = fileURLToPath(new URL('../support/obedient-engine.ts', import.meta.url))
const built = fileURLToPath(new URL('../../out', import.meta.url))

beforeAll(() => ensureBuilt(), 120_000)

let dataDir: string
let host: BrowserHost
let logged: string[]
let openPage: ReturnType<typeof vi.fn<(url: string) => void>>
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quotedesk-browser-host-'))
  logged = []
  openPage = vi.fn()
})
afterEach(async () => {
  await host.stop()
  vi.unstubAllGlobals()
  await rm(dataDir, { recursive: true, force: true })
})

async function start(given: Partial<BrowserHostOptions> = {}) {
  host = await startBrowserHost({
    engineFile: obedientEngine,
    rendererDir: join(built, 'renderer'),
    dataDir,
    serverUrl: 'http://127.0.0.1:9',
    sampleAccounts: [{ name: 'Ada', role: 'rep', email: 'ada@example.com', password: 'never shown' }],
    port: 0,
    busAddress: null,
    logLevel: 'silent',
    log: (line) => logged.push(line),
    openPage,
    ...given,
  })
  vi.stubGlobal('WebSocket', browserWebSocket(new URL(host.url).origin))
}

const connect = () => openBridge(fakePage(host.url)).connect(new AbortController().signal)

/** What the engine shall say to its host; a window's messages are text. */
const say = (port: Port, message: unknown) => port.post(JSON.stringify(message))

async function heardBy(port: Port): Promise<unknown[]> {
  const heard = new Promise<unknown[]>((resolve) =>
    port.onMessage((message) => {
      if (typeof message === 'object' && message !== null && 'heard' in message) resolve(message.heard as unknown[])
    }),
  )
  port.post('heard')
  return heard
}

async function connectAndHear() {
  const port = await connect()
  return new Promise<unknown[]>((resolve, reject) => {
    port.onClose(() => reject(new Error('the engine is still down')))
    heardBy(port).then(resolve, reject)
  })
}

describe('the browser host', () => {
  it('joins a page with the token to the real engine, which tells no password', async () => {
    await start({ engineFile: join(built, 'main', 'engine.js') })
    const client = createEngineClient(await connect())
    const sessions = await client.session.watch()
    const first = await sessions[Symbol.asyncIterator]().next()
    expect(first.value).toMatchObject({ state: 'signed_out', sample_accounts: [{ name: 'Ada' }] })
    expect(JSON.stringify(first.value)).not.toContain('never shown')
  })

  it('tells the engine what it is and what it cannot do, with reasons', async () => {
    await start()
    const [told] = await heardBy(await connect())
    expect(told).toMatchObject({
      kind: 'start',
      data_dir: dataDir,
      server_url: 'http://127.0.0.1:9',
      toast_channel: { kind: 'in_window', reason: expect.stringContaining('D-Bus') },
      secret_keeping: { kind: 'session_only', reason: expect.stringContaining('key store') },
      secret: null,
    })
  })

  it('starts a crashed engine again with the session it had, and its windows come back by themselves', async () => {
    await start()
    const port = await connect()
    say(port, { kind: 'keep_secret', secret: 'refresh-token' })
    const closed = vi.fn()
    port.onClose(closed)
    await heardBy(port)
    port.post('crash')
    await eventually(() => expect(closed).toHaveBeenCalledTimes(1))
    expect(logged).toEqual([expect.stringContaining('The engine ended with exit code 3; starting it again in 250 ms')])
    const again = await eventually(() => connectAndHear())
    expect(again[0]).toMatchObject({ kind: 'start', secret: 'refresh-token' })
  })

  it('opens the page when a toast was clicked while no window is open, and not when one is', async () => {
    await start()
    const port = await connect()
    say(port, { kind: 'focus_window' })
    port.post('focus when I am gone')
    await heardBy(port)
    expect(openPage).not.toHaveBeenCalled()
    port.close()
    await eventually(() => expect(openPage).toHaveBeenCalledWith(host.url))
  })

  it('reports what the engine says has failed', async () => {
    await start()
    const port = await connect()
    say(port, { kind: 'failed', message: 'the disk is full' })
    await eventually(() => expect(logged).toEqual(['The engine reports: the disk is full']))
  })

  it('has its data folder to itself until it stops', async () => {
    await start()
    const first = host
    await expect(start()).rejects.toThrow(`in use by another QuoteDesk, process ${process.pid}`)
    await first.stop()
    await start()
    expect(host).not.toBe(first)
  })

  it('stops the engine in order and serves nothing any more', async () => {
    await start()
    const told: unknown[] = []
    const port = await connect()
    port.onMessage((message) => told.push(message))
    await host.stop()
    expect(told).toEqual([{ kind: 'stop' }])
    await expect(fetch(host.url)).rejects.toThrow('fetch failed')
  })

  it('does not start without a built page, and says what to do', async () => {
    await start()
    await expect(
      startBrowserHost({
        engineFile: obedientEngine,
        rendererDir: '/nowhere',
        dataDir: join(dataDir, 'another'),
        serverUrl: 'http://127.0.0.1:9',
        sampleAccounts: [],
        port: 0,
        busAddress: null,
        logLevel: 'silent',
        log: () => undefined,
        openPage,
      }),
    ).rejects.toThrow('npm run build')
  })
})

describe.skipIf(!hasDbusDaemon)('toasts of the browser host', () => {
  it('go from the engine to the desktop and back', async () => {
    const bus = await TestBus.start()
    const daemon = await TestDaemon.start(bus.address)
    await start({ busAddress: bus.address })
    const port = await connect()
    const told: unknown[] = []
    port.onMessage((message) => told.push(message))
    const toast = { key: 'k1', title: 'Q-1 expires today', body: 'Acme', quote: null, actions: [], urgency: 'normal' }
    say(port, { kind: 'show_toast', toast })
    await eventually(() => expect(daemon.notified).toMatchObject([{ title: 'Q-1 expires today', body: 'Acme' }]))
    daemon.invoke(1, 'default')
    await eventually(() =>
      expect(told).toEqual([
        // An engine that has just started is told whether the person is to be disturbed.
        { kind: 'presence', do_not_disturb: null, full_screen: null },
        { kind: 'toast_event', key: 'k1', event: 'shown', detail: null },
        { kind: 'toast_event', key: 'k1', event: 'clicked', detail: null },
      ]),
    )
    say(port, { kind: 'close_toast', key: 'k1' })
    await eventually(() => expect(told.at(-1)).toMatchObject({ event: 'closed', detail: 'taken back' }))
    await bus.kill()
    await eventually(() =>
      expect(told.at(-1)).toMatchObject({ kind: 'toast_channel', toast_channel: { kind: 'in_window' } }),
    )
  })
})
