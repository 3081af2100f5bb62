import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import {
  type Audience,
  monotonicUs,
  type Published,
  type PublisherReply,
  type PublisherRequest,
} from './publisher-protocol.ts'

/**
 * The limit of the fan-out: Socket.IO with rooms and nothing else. No authentication, no log, no database; the same
 * events as ours, byte for byte but for seq. Started by fork; argv: clients, teams, sample events as JSON.
 */
const [clientsText, teamsText, samplesText] = process.argv.slice(2)
const clients = Number(clientsText)
const teams = Number(teamsText)
const samples: Record<Audience, { place: { seq: number } }> = JSON.parse(samplesText ?? '')

const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false })
io.on('connection', (socket) => {
  void socket.join(['org', `team:${socket.handshake.auth['team']}`])
})
const say = (message: PublisherReply) => process.send?.(message)

function emit(room: string, team: number | null, audience: Audience, seq: number): Published['events'][number] {
  const sample = samples[audience]
  const at_us = monotonicUs()
  io.to(room).emit('event', { ...sample, place: { ...sample.place, seq } })
  return { team, seq, at_us }
}

async function publish(audience: Audience, round: number): Promise<Published['events']> {
  if (audience === 'everybody') return [emit('org', null, audience, round)]
  const events: Published['events'] = []
  for (let team = 0; team < teams; team += 1) {
    events.push(emit(`team:${team}`, team, audience, round))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return events
}

process.on('message', (request: PublisherRequest) => {
  if (request.kind === 'memory') {
    globalThis.gc?.()
    say({ kind: 'memory', rss_bytes: process.memoryUsage().rss })
  }
  if (request.kind === 'cpu') say({ kind: 'cpu', cpu_us: cpuUs() })
  if (request.kind === 'publish') {
    void publish(request.audience, request.round).then((events) => say({ kind: 'published', events }))
  }
})

function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

http.listen(0, '127.0.0.1')
await once(http, 'listening')
const auths = Array.from({ length: clients }, (_, client) => JSON.stringify({ team: client % teams }))
say({ kind: 'listening', port: (http.address() as AddressInfo).port, auths, samples: null })
