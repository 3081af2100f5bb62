/** Runs an engine file as Electron's utility process would: `process.parentPort` delivers messages with ports. */
import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PortFrame } from './utility-double.ts'

class ChildPort extends EventEmitter {
  private readonly id: number
  private queue: unknown[] | null = []
  constructor(id: number) {
    super()
    this.id = id
  }
  deliver(data: unknown) {
    if (this.queue) this.queue.push(data)
    else this.emit('message', { data, ports: [] })
  }
  start() {
    const early = this.queue ?? []
    this.queue = null
    for (const data of early) this.deliver(data)
  }
  postMessage(data: unknown) {
    send({ port: this.id, kind: 'data', data })
  }
  close() {
    send({ port: this.id, kind: 'closed' })
    this.emit('close')
  }
}

const send = (frame: PortFrame) => void (process.connected && process.send?.(frame))
const ports = new Map<number, ChildPort>()
const parentPort = new EventEmitter()
Object.assign(process, { parentPort })

// The engine listens once it is loaded; Electron queues until then.
const early: PortFrame[] = []
let loaded = false
const receive = (frame: PortFrame) => {
  if (frame.kind === 'given') {
    const port = new ChildPort(frame.port)
    ports.set(frame.port, port)
    parentPort.emit('message', { data: frame.message, ports: [port] })
  }
  if (frame.kind === 'data') ports.get(frame.port)?.deliver(frame.data)
  if (frame.kind === 'closed') ports.get(frame.port)?.emit('close')
}
process.on('message', (frame: PortFrame) => {
  if (loaded) receive(frame)
  else early.push(frame)
})
process.on('disconnect', () => process.exit(0))

const file = process.argv[2] ?? ''
await import(pathToFileURL(resolve(file)).href)
loaded = true
for (const frame of early.splice(0)) receive(frame)
