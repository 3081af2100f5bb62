import { once } from 'node:events'
import { request, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { RendererFiles } from '../host/renderer-files.ts'
import { createToken, LoopbackGuard } from './loopback-guard.ts'
import { listenOnLoopback, pageHandler } from './page-server.ts'
import { acceptWindows, type WindowSockets } from './window-sockets.ts'

const page = { body: Buffer.from('<!doctype html>'), contentType: 'text/html; charset=utf-8', cacheControl: 'no-store' }
const files: RendererFiles = new Map([
  ['/', page],
  ['/index.html', page],
])

let server: Server
let port: number
let guard: LoopbackGuard
let token: string
let windows: WindowSockets
beforeEach(async () => {
  const listening = await listenOnLoopback(0)
  server = listening.server
  port = listening.port
  token = createToken()
  guard = new LoopbackGuard(port, token)
  server.on('request', pageHandler(files, guard))
  // No engine: a window that gets in is told to come again.
  windows = acceptWindows(server, guard, () => null)
})
afterEach(async () => {
  windows.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { method = 'GET', headers = {} } = options
  const sent = request({ host: '127.0.0.1', port, path, method, headers })
  sent.end()
  const [response] = await once(sent, 'response')
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode as number, headers: response.headers as Record<string, string>, body }
}

describe('the page server', () => {
  it('serves the page with a strict policy: no foreign and no inline script, connections to this origin alone', async () => {
    const answer = await ask('/')
    expect(answer).toMatchObject({ status: 200, body: '<!doctype html>' })
    const policy = answer.headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port};`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  it.each(['localhost', 'quotes.example.com', '127.0.0.1', '127.0.0.1:1'])(
    'does not answer by another name: %s',
    async (host) => {
      expect(await ask('/', { headers: { host } })).toMatchObject({ status: 421 })
    },
  )

  it('does not answer scripts of another origin', async () => {
    expect(await ask('/', { headers: { origin: 'http://evil.example' } })).toMatchObject({ status: 403 })
    expect(await ask('/', { headers: { origin: 'null' } })).toMatchObject({ status: 403 })
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/nothing', '/index.html/', '//'])(
    'knows no other file: %s',
    async (path) => {
      expect((await ask(path)).status).not.toBe(200)
    },
  )

  it('only reads', async () => {
    expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  })

  it('says so when its port is taken', async () => {
    await expect(listenOnLoopback(port)).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`)
  })
})

describe('the engine’s socket', () => {
  interface Attempt {
    protocols?: string[]
    origin?: string
    path?: string
    host?: string
  }
  async function connect({ protocols = ['quotedesk', token], origin = guard.origin, path = '/engine', host }: Attempt) {
    const headers = host === undefined ? {} : { host }
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { origin, headers })
    return new Promise<string>((resolve) => {
      socket.on('open', () => resolve(`open ${socket.protocol}`))
      socket.on('unexpected-response', (_request, response) => {
        resolve(`refused ${response.statusCode}`)
        response.resume()
        socket.terminate()
      })
      socket.on('error', () => undefined)
    })
  }

  it('opens for the page with the token, and the token is not echoed', async () => {
    expect(await connect({})).toBe('open quotedesk')
  })

  it.each<[string, Attempt, string]>([
    ['a wrong token', { protocols: ['quotedesk', 'wrong'] }, 'refused 401'],
    ['no token', { protocols: ['quotedesk'] }, 'refused 401'],
    ['another page', { origin: 'http://evil.example' }, 'refused 403'],
    ['a page on the same machine at another port', { origin: 'http://127.0.0.1:1' }, 'refused 403'],
    ['a name that was rebound to this machine', { host: 'rebound.example' }, 'refused 421'],
    ['another path', { path: '/other' }, 'refused 404'],
  ])('refuses %s', async (_what, attempt, outcome) => {
    expect(await connect(attempt)).toBe(outcome)
  })

  it('tells a window to come again while the engine is down', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/engine`, ['quotedesk', token], { origin: guard.origin })
    const [code, reason] = await once(socket, 'close')
    expect([code, String(reason)]).toEqual([1013, 'the engine is being started again'])
  })

  it('hangs up on a window that says what no engine could be told', async () => {
    const heard: unknown[] = []
    const engine = { post: (m: unknown) => heard.push(m), onMessage: () => undefined, onClose: () => undefined }
    const other = await listenOnLoopback(0)
    const otherGuard = new LoopbackGuard(other.port, token)
    const accepted = acceptWindows(other.server, otherGuard, () => ({ ...engine, close: () => undefined }))
    const address = `ws://127.0.0.1:${other.port}/engine`
    const socket = new WebSocket(address, ['quotedesk', token], { origin: otherGuard.origin })
    await once(socket, 'open')
    socket.send('"text"')
    socket.send(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    const [code] = await once(socket, 'close')
    expect(code).toBe(1003)
    expect(heard).toEqual(['text'])
    accepted.close()
    other.server.closeAllConnections()
    await new Promise((resolve) => other.server.close(resolve))
  })

  it('does not take more windows than a person can have, and takes one again when one closes', async () => {
    const idle = { post: () => undefined, onMessage: () => undefined, onClose: () => undefined, close: () => undefined }
    const other = await listenOnLoopback(0)
    const otherGuard = new LoopbackGuard(other.port, token)
    const engine = acceptWindows(other.server, otherGuard, () => idle)
    const open = () =>
      new WebSocket(`ws://127.0.0.1:${other.port}/engine`, ['quotedesk', token], { origin: otherGuard.origin })
    const sockets = Array.from({ length: 32 }, open)
    await Promise.all(sockets.map((socket) => once(socket, 'open')))
    const [, response] = await once(
      open().on('error', () => undefined),
      'unexpected-response',
    )
    expect(response.statusCode).toBe(503)
    sockets[0]?.close()
    await vi.waitFor(() => expect(engine.count()).toBe(31))
    await once(open(), 'open')
    engine.close()
    other.server.closeAllConnections()
    await new Promise((resolve) => other.server.close(resolve))
  })
})
