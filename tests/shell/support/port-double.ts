import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

/** Electron's MessagePortMain over Node's MessagePort: Node's events, the DOM's `{data}`. */
export class MessagePortDouble extends EventEmitter {
  private readonly port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.port = port
    port.on('close', () => this.emit('close'))
  }
  postMessage(message: unknown) {
    this.port.postMessage(message)
  }
  start() {
    this.port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }
  close() {
    this.port.close()
  }
}

export class MessageChannelDouble {
  readonly port1: MessagePortDouble
  readonly port2: MessagePortDouble
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new MessagePortDouble(port1)
    this.port2 = new MessagePortDouble(port2)
  }
}
