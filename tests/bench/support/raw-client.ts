import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/**
 * The cheapest thing that speaks Socket.IO over WebSocket: a TCP socket and just enough framing to join, answer pings and
 * find `"seq":N` in an event. A full client would measure itself instead of the server.
 */
export interface RawClient {
  close(): void
}

export interface RawClientOptions {
  port: number
  auth: unknown
  /** Called once when the server accepted the session. */
  onReady: () => void
  onEvent: (seq: number) => void
  /** For those who want to read everything: each Socket.IO packet as text. */
  onText?: (text: string) => void
  onClose: (reason: string) => void
}

const openEngine = 0x30 // '0'
const pingEngine = 0x32 // '2'
const messageEngine = 0x34 // '4'
const connectPacket = 0x30
const eventPacket = 0x32
const errorPacket = 0x34
const seqKey = Buffer.from('"seq":')
const eventPrefix = Buffer.from('42["event"')

export function rawClient(options: RawClientOptions): RawClient {
  const socket = connect({ host: '127.0.0.1', port: options.port })
  socket.setNoDelay(true)
  let rest: Buffer = Buffer.alloc(0)
  let upgraded = false
  socket.on('connect', () => socket.write(upgradeRequest(options.port)))
  socket.on('error', (error) => options.onClose(error.message))
  socket.on('close', () => options.onClose('closed'))
  socket.on('data', (chunk: Buffer) => {
    let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    if (!upgraded) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) {
        rest = data
        return
      }
      if (!data.subarray(0, 12).toString().startsWith('HTTP/1.1 101')) {
        socket.destroy()
        options.onClose(data.subarray(0, 40).toString())
        return
      }
      upgraded = true
      data = data.subarray(end + 4)
    }
    rest = readFrames(data, (payload) => handle(socket, options, payload))
  })
  return { close: () => socket.destroy() }
}

function upgradeRequest(port: number): string {
  return [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n')
}

function handle(socket: Socket, options: RawClientOptions, payload: Buffer): void {
  const engine = payload[0]
  if (engine === pingEngine) sendText(socket, '3')
  else if (engine === openEngine) sendText(socket, `40${JSON.stringify(options.auth)}`)
  else if (engine === messageEngine) {
    options.onText?.(payload.toString())
    if (payload[1] === connectPacket) options.onReady()
    else if (payload[1] === errorPacket) options.onClose(payload.toString())
    else if (payload[1] === eventPacket && payload.subarray(0, eventPrefix.length).equals(eventPrefix)) {
      const at = payload.indexOf(seqKey)
      options.onEvent(Number.parseInt(payload.toString('latin1', at + seqKey.length, at + seqKey.length + 12), 10))
    }
  }
}

/** Calls back with each whole frame's payload and returns the bytes that do not make one yet. */
function readFrames(data: Buffer, onPayload: (payload: Buffer) => void): Buffer {
  let at = 0
  while (data.length - at >= 2) {
    let length = (data[at + 1] ?? 0) & 0x7f
    let header = 2
    if (length === 126) {
      if (data.length - at < 4) break
      length = data.readUInt16BE(at + 2)
      header = 4
    } else if (length === 127) {
      if (data.length - at < 10) break
      length = Number(data.readBigUInt64BE(at + 2))
      header = 10
    }
    if (data.length - at < header + length) break
    onPayload(data.subarray(at + header, at + header + length))
    at += header + length
  }
  return at === 0 ? data : data.subarray(at)
}

/** A masked text frame, as a client must send; the all-zero mask leaves the payload as it is. */
function sendText(socket: Socket, text: string): void {
  const payload = Buffer.from(text)
  const header =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0])
  socket.write(Buffer.concat([header, payload]))
}
