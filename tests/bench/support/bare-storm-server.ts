import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import type { StormServerReply, StormServerRequest } from './storm-protocol.ts'

/**
 * The limit of a storm: Socket.IO that lets everybody in, says welcome, and goes on sending as many events of the same size
 * to as many: no tokens, no rights, no log, nothing to catch up with. Started by fork; argv: clients.
 */
const clients = Number(process.argv[2])
const teamSize = 25
const teams = Math.ceil(clients / teamSize)
const commitEachMs = 20
const eventChars = 1_200
const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false })
io.on('connection', (socket) => {
  void socket.join(['everybody', `team ${socket.handshake.auth['team']}`])
  socket.emit('welcome', { streams: [] })
})
const say = (message: StormServerReply) => process.send?.(message)

const event = { place: { stream: 'none', seq: 1 }, change: 'x'.repeat(eventChars) }
let sent = 0
let sending: NodeJS.Timeout | undefined
const send = () => {
  sent += 1
  io.to(sent % 10 === 0 ? 'everybody' : `team ${sent % teams}`).emit('event', event)
}

process.on('message', (request: StormServerRequest) => {
  if (request.kind === 'work') sending = setInterval(send, commitEachMs)
  if (request.kind === 'rest') {
    clearInterval(sending)
    say({ kind: 'resting' })
  }
  if (request.kind !== 'figures') return
  const { user, system } = process.cpuUsage()
  const peak_rss_bytes = process.resourceUsage().maxRSS * 1024
  say({ kind: 'figures', cpu_us: user + system, peak_rss_bytes, snapshots_built: 0, heads: {}, longest_turn_ms: 0 })
})

http.listen(0, '127.0.0.1')
await once(http, 'listening')
const auths = Array.from({ length: clients }, (_, client) => JSON.stringify({ team: Math.floor(client / teamSize) }))
say({ kind: 'listening', port: (http.address() as AddressInfo).port, auths })
