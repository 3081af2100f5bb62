import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import type { StormServerReply, StormServerRequest } from './storm-protocol.ts'

/**
 * The limit of a storm: Socket.IO that lets everybody in and says welcome, and nothing else: no tokens, no rights, no log,
 * nothing to catch up with. Started by fork; argv: clients.
 */
const clients = Number(process.argv[2])
const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false })
io.on('connection', (socket) => {
  void socket.join('everybody')
  socket.emit('welcome', { streams: [] })
})
const say = (message: StormServerReply) => process.send?.(message)

process.on('message', (request: StormServerRequest) => {
  if (request.kind === 'rest') say({ kind: 'resting' })
  if (request.kind !== 'figures') return
  const { user, system } = process.cpuUsage()
  const peak_rss_bytes = process.resourceUsage().maxRSS * 1024
  say({ kind: 'figures', cpu_us: user + system, peak_rss_bytes, snapshots_built: 0, heads: {}, longest_turn_ms: 0 })
})

http.listen(0, '127.0.0.1')
await once(http, 'listening')
const auths = Array.from({ length: clients }, () => '{}')
say({ kind: 'listening', port: (http.address() as AddressInfo).port, auths })
