import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Toast } from '../../domain/host/messages.ts'
import { createEngineClient } from '../../src-renderer/engine-link/engine-client.ts'
import { ensureBuilt } from '../../tools/build/ensure-built.ts'
import { eventually } from '../support/eventually.ts'
import { BootedShell, type BootOptions, scriptedEngine } from './support/boot-shell.ts'

beforeAll(() => ensureBuilt(), 120_000)

let shell: BootedShell
afterEach(() => shell.dispose(), 30_000)

const boot = async (options: BootOptions = {}) => {
  shell = await BootedShell.ready({ engine: scriptedEngine, ...options })
  return shell
}

describe("Electron's security checklist", () => {
  it('opens its window sandboxed, isolated and without Node', async () => {
    await boot()
    const [[options]] = (await shell.calls('new BrowserWindow')) as [[{ webPreferences: Record<string, unknown> }]]
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    })
    expect(options.webPreferences).not.toHaveProperty('experimentalFeatures')
    expect(options.webPreferences).not.toHaveProperty('enableBlinkFeatures')
    expect(await shell.calls('app.enableSandbox')).toHaveLength(1)
  })

  it('loads the page from its own scheme, never from file://', async () => {
    await boot()
    expect(await shell.calls('window.loadURL')).toEqual([['app://quotedesk/']])
    const [[schemes]] = (await shell.calls('protocol.registerSchemesAsPrivileged')) as [[unknown]]
    expect(schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } }])
  })

  it('serves the page with a content security policy that allows no inline and no foreign script', async () => {
    await boot()
    const page = await shell.ask<{ status: number; headers: Record<string, string>; body: string }>({
      do: 'fetch',
      url: 'app://quotedesk/',
    })
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    expect(page.body).toContain('<!doctype html>')
  })

  it.each([
    'app://quotedesk/../../package.json',
    'app://quotedesk/%2e%2e/main/engine.js',
    'app://other/index.html',
    'app://quotedesk/nothing.js',
  ])('serves nothing but the built page: %s', async (url) => {
    await boot()
    expect(await shell.ask<{ status: number }>({ do: 'fetch', url })).toMatchObject({ status: 404 })
  })

  it('denies every permission', async () => {
    await boot()
    expect(await shell.ask({ do: 'permissions' })).toEqual({ request: false, check: false, device: false })
  })

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'] as const)(
    'keeps the window on the page: %s',
    async (event) => {
      await boot()
      expect(await shell.ask({ do: 'navigate', event, url: 'https://example.com/' })).toBe(true)
      expect(await shell.ask({ do: 'navigate', event, url: 'file:///etc/passwd' })).toBe(true)
      expect(await shell.ask({ do: 'navigate', event, url: 'app://quotedesk.example/' })).toBe(true)
      expect(await shell.ask({ do: 'navigate', event, url: 'app://quotedesk/index.html' })).toBe(false)
    },
  )

  it('opens no other window and embeds no webview', async () => {
    await boot()
    expect(await shell.ask({ do: 'open_window', url: 'https://example.com/' })).toEqual({ action: 'deny' })
    expect(await shell.ask({ do: 'attach_webview' })).toBe(true)
  })

  it.each([
    ['a frame inside the page', 'app://quotedesk/', true],
    ['a page of another address', 'https://example.com/', false],
    ['a page whose address only begins alike', 'app://quotedesk.example/', false],
  ])('refuses a port to the engine to %s, and says so', async (_who, url, subframe) => {
    await boot()
    expect(await shell.ask({ do: 'request_port', url, subframe })).toBe(false)
    await eventually(() => expect(shell.output).toContain('Refused a port'))
  })
})

describe('toasts', () => {
  const toast: Toast = {
    key: 'k1',
    title: 'Q-1042 expires today',
    body: 'A <b>&</b> Co',
    quote: null,
    actions: [{ id: 'snooze', label: 'Snooze' }],
    urgency: 'normal',
  }
  type Shown = Array<{ options: Record<string, unknown>; shown: boolean; closed: boolean }>

  async function withToast() {
    await boot()
    const port = await shell.pagePort()
    const heard: unknown[] = []
    port.onMessage((message) => heard.push(message))
    port.post({ kind: 'show_toast', toast })
    await eventually(async () => expect(await shell.ask<Shown>({ do: 'toasts' })).toHaveLength(1))
    return { port, heard }
  }

  it('shows what the engine says under its key, as text and not as markup', async () => {
    await withToast()
    const [shown] = await shell.ask<Shown>({ do: 'toasts' })
    expect(shown).toMatchObject({ shown: true, options: { id: 'k1', title: 'Q-1042 expires today' } })
    expect(shown?.options['body']).toBe('A &lt;b&gt;&amp;&lt;/b&gt; Co')
  })

  it('tells the engine when it was shown, clicked and closed', async () => {
    const { heard } = await withToast()
    await shell.ask({ do: 'toast_event', index: 0, event: 'show', args: [] })
    await shell.ask({ do: 'toast_event', index: 0, event: 'click', args: [] })
    await shell.ask({ do: 'toast_event', index: 0, event: 'close', args: [{ reason: 'userCanceled' }] })
    await eventually(() =>
      expect(heard).toEqual([
        { kind: 'toast_event', key: 'k1', event: 'shown', detail: null },
        { kind: 'toast_event', key: 'k1', event: 'clicked', detail: null },
        { kind: 'toast_event', key: 'k1', event: 'dismissed', detail: 'userCanceled' },
      ]),
    )
  })

  it('does not take one that timed out for dismissed: it can still be clicked', async () => {
    const { heard } = await withToast()
    await shell.ask({ do: 'toast_event', index: 0, event: 'close', args: [{ reason: 'timedOut' }] })
    await shell.ask({ do: 'toast_event', index: 0, event: 'click', args: [] })
    await eventually(() => expect(heard).toEqual([{ kind: 'toast_event', key: 'k1', event: 'clicked', detail: null }]))
  })

  it('says why one could not be shown', async () => {
    const { heard } = await withToast()
    await shell.ask({ do: 'toast_event', index: 0, event: 'failed', args: [{}, 'no signature'] })
    await eventually(() =>
      expect(heard).toEqual([{ kind: 'toast_event', key: 'k1', event: 'failed', detail: 'no signature' }]),
    )
  })

  it('replaces a toast of the same key instead of showing two', async () => {
    const { port } = await withToast()
    port.post({ kind: 'show_toast', toast: { ...toast, title: 'Q-1042 has expired' } })
    await eventually(async () => expect(await shell.ask<Shown>({ do: 'toasts' })).toHaveLength(2))
    expect(await shell.ask<Shown>({ do: 'toasts' })).toMatchObject([{ closed: true }, { shown: true, closed: false }])
  })

  it('takes one back when the engine says so', async () => {
    const { port } = await withToast()
    port.post({ kind: 'close_toast', key: 'k1' })
    await eventually(async () => expect(await shell.ask<Shown>({ do: 'toasts' })).toMatchObject([{ closed: true }]))
  })

  it('tells the engine at start that this system shows none', async () => {
    await boot({ settings: { notifications: false } })
    expect(await startMessage()).toMatchObject({ toast_channel: { kind: 'in_window', reason: expect.any(String) } })
  })
})

async function heardByEngine(): Promise<Array<Record<string, unknown>>> {
  const port = await shell.pagePort()
  return new Promise((resolve) => {
    port.onMessage((message) => {
      if (Array.isArray(message)) resolve(message as Array<Record<string, unknown>>)
    })
    port.post('heard')
  })
}

async function startMessage(): Promise<Record<string, unknown>> {
  const [start] = await heardByEngine()
  return start ?? {}
}

describe('secrets', () => {
  it('refuses to keep a token where the only store is plain text, and says so', async () => {
    await boot({ settings: { storageBackend: 'basic_text' } })
    expect(await startMessage()).toMatchObject({
      secret_keeping: { kind: 'session_only', reason: expect.stringContaining('key store') },
      secret: null,
    })
    const port = await shell.pagePort()
    port.post({ kind: 'keep_secret', secret: 'refresh-token' })
    await heardByEngine()
    await expect(stat(join(shell.dataDir, 'client', 'token'))).rejects.toThrow('ENOENT')
  })

  it('keeps a token encrypted, for this user alone, and gives it back at the next start', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'quotedesk-shell-'))
    const first = await BootedShell.ready({ engine: scriptedEngine, dataDir })
    const port = await first.pagePort()
    port.post({ kind: 'keep_secret', secret: 'refresh-token' })
    const file = join(dataDir, 'client', 'token')
    await eventually(async () => expect((await stat(file)).mode & 0o777).toBe(0o600))
    expect(await readFile(file, 'utf8')).not.toContain('refresh-token')
    void first.ask({ do: 'quit' }).catch(() => undefined)
    expect(await first.exit()).toBe(0)

    await boot({ dataDir })
    expect(await startMessage()).toMatchObject({ secret_keeping: { kind: 'kept' }, secret: 'refresh-token' })
  })

  it('forgets the token when the person signs out', async () => {
    await boot()
    const port = await shell.pagePort()
    const file = join(shell.dataDir, 'client', 'token')
    port.post({ kind: 'keep_secret', secret: 'refresh-token' })
    await eventually(() => stat(file))
    port.post({ kind: 'keep_secret', secret: null })
    await eventually(() => expect(stat(file)).rejects.toThrow('ENOENT'))
  })
})

describe('lifecycle', () => {
  it('a second instance on the same data quits at once', async () => {
    shell = await BootedShell.boot({ settings: { firstInstance: false } })
    expect(await shell.exit()).toBe(0)
    expect(shell.output).toContain('already running')
  })

  it('a second start and a clicked toast bring the window to the front', async () => {
    await boot()
    await shell.ask({ do: 'app_event', event: 'second-instance' })
    expect(await shell.calls('window.focus')).toHaveLength(1)
    const port = await shell.pagePort()
    port.post({ kind: 'focus_window' })
    await eventually(async () => expect(await shell.calls('window.focus')).toHaveLength(2))
  })

  it('keeps where the window was', async () => {
    await boot()
    await shell.ask({ do: 'window_event', event: 'close' })
    expect(JSON.parse(await readFile(join(shell.dataDir, 'client', 'window.json'), 'utf8'))).toEqual({
      x: 11,
      y: 12,
      width: 1000,
      height: 700,
      maximized: false,
    })
  })

  it.each([
    ['resume', 'resume'],
    ['unlock-screen', 'unlock'],
    ['suspend', 'suspend'],
  ])('tells the engine of the system’s %s', async (systemEvent, told) => {
    await boot()
    await shell.ask({ do: 'power_event', event: systemEvent })
    await eventually(async () => expect(await heardByEngine()).toContainEqual({ kind: 'power', event: told }))
  })

  it('starts a crashed engine again and tells the page by closing its port', async () => {
    await boot()
    const port = await shell.pagePort()
    const closed = vi.fn()
    port.onClose(closed)
    port.post('crash')
    await eventually(() => expect(closed).toHaveBeenCalled())
    await eventually(() => expect(shell.output).toContain('starting it again'))
    expect(await startMessage()).toMatchObject({ kind: 'start' })
    expect(await shell.calls('utilityProcess.fork')).toHaveLength(2)
  })

  it('stops the engine in order before it quits', async () => {
    await boot()
    const port = await shell.pagePort()
    const heard: unknown[] = []
    port.onMessage((message) => heard.push(message))
    void shell.ask({ do: 'quit' }).catch(() => undefined)
    expect(await shell.exit()).toBe(0)
    expect(heard).toEqual([{ kind: 'stop' }])
  })

  it('says what is wrong and ends when its settings cannot be understood', async () => {
    shell = await BootedShell.boot({ args: ['--sample', '/nowhere/sample.json'] })
    expect(await shell.exit()).toBe(1)
    expect(shell.output).toContain('/nowhere/sample.json cannot be read')
  })
})

describe('the real engine', () => {
  it('runs in the utility process and answers the page through the shell', async () => {
    shell = await BootedShell.ready({ args: ['--sample', await sampleFile()] })
    const client = createEngineClient(await shell.pagePort())
    const sessions = await client.session.watch()
    const first = await sessions[Symbol.asyncIterator]().next()
    expect(first.value).toMatchObject({
      state: 'signed_out',
      server_url: 'http://127.0.0.1:9',
      sample_accounts: [{ name: 'Ada', role: 'rep', email: 'ada@example.com' }],
    })
    expect(JSON.stringify(first.value)).not.toContain('never shown')
    void shell.ask({ do: 'quit' }).catch(() => undefined)
    expect(await shell.exit()).toBe(0)
  })
})

async function sampleFile(): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'quotedesk-shell-sample-')), 'sample.json')
  await writeFile(
    file,
    JSON.stringify([{ name: 'Ada', role: 'rep', email: 'ada@example.com', password: 'never shown' }]),
  )
  return file
}
