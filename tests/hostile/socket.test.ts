import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Honest, startHonest } from './support/honest.ts'
import { call, connect, handshake, startTarget, type Target } from './support/target.ts'
import { deepArray, deepObject, oddities } from './support/values.ts'

vi.setConfig({ testTimeout: 120_000 })

let target: Target
let honest: Honest
let rssBefore: number
beforeAll(async () => {
  target = await startTarget()
  honest = await startHonest(target)
  rssBefore = target.rssBytes()
})
afterAll(() => target.stop())

/** Engine.IO without Socket.IO's manners. @returns a socket that has been greeted */
async function raw(from = '127.0.0.4'): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.port}/socket.io/?EIO=4&transport=websocket`, {
    localAddress: from,
    perMessageDeflate: false,
  })
  socket.setMaxListeners(0)
  socket.on('error', () => undefined)
  await once(socket, 'message')
  return socket
}

/** Let in as Vic, who may look. */
async function joined(from = '127.0.0.4'): Promise<WebSocket> {
  const socket = await raw(from)
  const welcome = heard(socket, '42["welcome"')
  socket.send(`40${JSON.stringify(handshake(target.tokens.vic))}`)
  await welcome
  return socket
}

const heard = (socket: WebSocket, start: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const onMessage = (data: Buffer) => {
      const text = data.toString()
      if (!text.startsWith(start)) return
      socket.off('message', onMessage)
      resolve(text)
    }
    socket.on('message', onMessage)
    socket.once('close', () => reject(new Error('was closed')))
  })

const isOver = (socket: WebSocket) =>
  socket.readyState === WebSocket.CLOSED ? Promise.resolve() : once(socket, 'close').then(() => undefined)

/** Closed, or answered: what must not be is silence for ever, or the server's end. */
const outcome = (socket: WebSocket, answer: string): Promise<string> =>
  Promise.race([isOver(socket).then(() => 'closed'), heard(socket, answer).catch(() => 'closed')])

const refusal = /^43\d+\[\{"ok":false,"code":"(invalid_request|unauthorised)"/

test('every event refuses every oddity, with and without an acknowledgement', async () => {
  let socket = await joined()
  let said = 0
  const wrong: string[] = []
  let answered = 0
  for (const name of ['subscribe', 'renew', 'clock', 'welcome', 'event', 'disconnecting', 'constructor', '__proto__']) {
    for (const oddity of oddities) {
      if (oddity.length > 15_000) continue
      // Within the limit of a connection, which is tested for itself.
      if (said >= 80) {
        socket.close()
        socket = await joined()
        said = 0
      }
      said += 2
      socket.send(`42["${name}",${oddity}]`)
      const id = 1 + said
      const answer = outcome(socket, `43${id}`)
      socket.send(`42${id}["${name}",${oddity}]`)
      const result = await answer
      if (result === 'closed') {
        socket = await joined()
        continue
      }
      answered += 1
      const isRight = name === 'clock' ? result.includes('server_time_ms') : refusal.test(result)
      if (!isRight) wrong.push(`${name} ${oddity.slice(0, 40)} → ${result.slice(0, 300)}`)
    }
  }
  socket.close()
  expect(wrong).toEqual([])
  // Not by never answering.
  expect(answered).toBeGreaterThan(100)
})

test('packets that are none, deep, huge, binary or for nobody end at most their own connection', async () => {
  const packets: (string | Buffer)[] = [
    '',
    '4',
    '42',
    '42{',
    '42[]',
    '42[null]',
    '42[1,2,3]',
    '42[{"a":1}]',
    '42["connect"]',
    '42["newListener"]',
    '43999[1]',
    '449',
    '4/admin,',
    '40/admin,{"token":"x"}',
    '41',
    '45',
    '451-["subscribe",{"_placeholder":true,"num":0}]',
    '4510-["subscribe",{"_placeholder":true,"num":0}]',
    '45999999999-["subscribe"]',
    '451-["subscribe",{"_placeholder":true,"num":-1}]',
    '451-["subscribe",{"_placeholder":true,"num":"__proto__"}]',
    `451-["subscribe",${deepArray(7_000)}]`,
    `42["subscribe",${deepArray(7_000)}]`,
    `42["subscribe",${deepObject(2_500)}]`,
    `42["subscribe","${'x'.repeat(100_000)}"]`,
    '42["subscribe",1e999,"\\ud800","\\u0000"]',
    '49999999999999999999["clock"]',
    '9',
    '\u0000',
    Buffer.from([1, 2, 3]),
    randomBytes(10_000),
    randomBytes(1_000_000),
  ]
  for (const packet of packets) {
    const socket = await joined()
    socket.send(packet)
    // A binary attachment that was announced, and more that was not.
    socket.send(Buffer.from('attachment'))
    socket.send('427["clock"]')
    expect(['closed', expect.stringContaining('server_time_ms')]).toContainEqual(await outcome(socket, '437'))
    socket.terminate()
  }
})

test('before authentication and out of order: nothing is told, and the connection ends', async () => {
  const packets = [
    '42["subscribe",{"messages":["quotation_update"]}]',
    '421["clock"]',
    '421["renew",{"token":"x"}]',
    '41',
  ]
  for (const packet of packets) {
    const socket = await raw()
    const told: string[] = []
    socket.on('message', (data: Buffer) => void told.push(data.toString()))
    socket.send(packet)
    await isOver(socket)
    expect(told.filter((text) => text.startsWith('4'))).toEqual([])
  }
  // Twice a handshake, a handshake for another namespace, and one that is odd.
  for (const oddity of [...oddities, '{"token":{},"protocol":"3","client_id":[]}']) {
    if (oddity.length > 15_000) continue
    const socket = await raw()
    socket.send(`40${oddity}`)
    expect(await outcome(socket, '44')).toMatch(/^closed$|"code":"invalid_handshake"|Invalid namespace/)
    socket.terminate()
  }
  const twice = await joined()
  twice.send(`40${JSON.stringify(handshake(target.tokens.sue))}`)
  twice.send('427["clock"]')
  expect(['closed', expect.stringContaining('server_time_ms')]).toContainEqual(await outcome(twice, '437'))
  twice.terminate()
})

test('whoever connects and says nothing is cut off', async () => {
  const socket = await raw()
  await isOver(socket)
  expect(socket.readyState).toBe(WebSocket.CLOSED)
})

test.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:3002', 'file://', ''])(
  'a page of Origin "%s" does not get in',
  async (origin) => {
    const socket = connect(target, handshake(target.tokens.vic), { origin })
    const error = await new Promise<Error | null>((resolve) => {
      socket.once('connect_error', resolve)
      socket.once('connect', () => resolve(null))
    })
    socket.disconnect()
    expect(error).toBeInstanceOf(Error)
  },
)

test('10,000 messages a second, let in or not, end the connection that sends them', async () => {
  for (const open of [raw, joined]) {
    const socket = await open('127.0.0.5')
    let answers = 0
    socket.on('message', () => {
      answers += 1
    })
    for (let count = 0; count < 20_000; count += 1) socket.send(`42${count}["clock"]`)
    await isOver(socket)
    expect(answers).toBeLessThan(500)
  }
})

test('8,000 connections in a row from one address are turned away before any work, and others still get in', async () => {
  let refused = 0
  const attempt = () =>
    new Promise<void>((resolve) => {
      const socket = connectTcp({ host: '127.0.0.1', port: target.port, localAddress: '127.0.0.6' })
      socket.on('error', () => resolve())
      socket.on('close', () => resolve())
      socket.on('data', (data: Buffer) => {
        if (data.toString().startsWith('HTTP/1.1 400')) refused += 1
        socket.destroy()
      })
      socket.write(upgrade())
    })
  for (let burst = 0; burst < 40; burst += 1) await Promise.all(Array.from({ length: 200 }, attempt))
  expect(refused).toBeGreaterThan(500)
  const socket = await joined('127.0.0.7')
  socket.close()
})

test('I19: one person’s connections are so many, and the next is told to close some', async () => {
  const open: WebSocket[] = []
  for (let count = 0; count < 50; count += 1) {
    const socket = await raw('127.0.0.8')
    socket.send(`40${JSON.stringify(handshake(target.tokens.sue))}`)
    await heard(socket, '42["welcome"')
    open.push(socket)
  }
  const more = await raw('127.0.0.8')
  more.send(`40${JSON.stringify(handshake(target.tokens.sue))}`)
  expect(await heard(more, '44')).toMatch(/"code":"too_many_requests".*"retry_after_ms":\d+/)
  for (const socket of [...open, more]) socket.terminate()
})

test('I19: tiny fragments, without an end or faster than anybody speaks, harm only their sender', async () => {
  const fragments = async (frame: Buffer, times: number) => {
    const socket = connectTcp({ host: '127.0.0.1', port: target.port, localAddress: '127.0.0.9' })
    socket.on('error', () => undefined)
    // A reset ends it as well: `once` of node:events would take the error for its own.
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    socket.write(upgrade())
    await new Promise((resolve) => setTimeout(resolve, 300))
    // The first fragment of a text that never ends.
    socket.write(masked(0x01, '4'))
    for (let count = 0; count < times && socket.writable; count += 1) {
      if (!socket.write(frame)) await Promise.race([once(socket, 'drain'), closed])
    }
    await closed
  }
  // One byte each: the message is too large before it ends. None at all: it never gets any larger.
  await fragments(masked(0x00, 'x'), 40_000)
  await fragments(masked(0x00, ''), 400_000)
  expect((await call(target, '/me', { token: target.tokens.vic })).status).toBe(200)
})

test('I19: somebody who listens to everything and reads nothing is cut off', async () => {
  const { body } = await call(target, '/me', { token: target.tokens.vic })
  expect(body).not.toBeNull()
  const socket = connectTcp({ host: '127.0.0.1', port: target.port, localAddress: '127.0.0.10' })
  socket.on('error', () => undefined)
  socket.write(upgrade())
  await once(socket, 'data')
  socket.pause()
  const packet = `40${JSON.stringify(handshake(target.tokens.rob))}`
  socket.write(masked(0x81, packet))
  // What it asked for without reading: every answer waits for it. Above its limit it is cut off.
  for (let count = 0; count < 5_000; count += 1) socket.write(masked(0x81, `42${count}["clock"]`))
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
  expect(socket.closed).toBe(true)
})

test('the honest client was unharmed all the while, the server lives and its memory is bounded', async () => {
  await honest.finish()
  expect(honest.answered()).toBeGreaterThan(10)
  expect(target.isAlive()).toBe(true)
  // What a busy server may take anyway; a hundred times less than was thrown at it.
  expect(target.rssBytes() - rssBefore).toBeLessThan(400_000_000)
})

function upgrade(): string {
  return [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: 127.0.0.1:${target.port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n')
}

/** A client's frame; the mask of zeros leaves the payload as it is. */
function masked(first: number, text: string): Buffer {
  const payload = Buffer.from(text)
  const head =
    payload.length < 126
      ? [first, 0x80 | payload.length]
      : [first, 0x80 | 126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload])
}
