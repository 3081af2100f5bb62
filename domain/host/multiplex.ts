import type { Port } from './port.ts'
import { type PortEnd, portEnd } from './port-end.ts'

type Frame =
  | { channel: number; kind: 'open'; name: string }
  | { channel: number; kind: 'data'; data: unknown }
  | { channel: number; kind: 'close' }

function isFrame(message: unknown): message is Frame {
  return typeof message === 'object' && message !== null && 'channel' in message && 'kind' in message
}

/**
 * Many named Ports over one: a child process has a single pipe, but a control channel and a port for every window.
 * One side opens channels, the other accepts them; each channel keeps the promises of Port.
 */
export class Multiplexer {
  private readonly pipe: Port
  private readonly channels = new Map<number, PortEnd>()
  private nextChannel = 1
  private accept: (name: string, port: Port) => void = (name) => {
    throw new Error(`channel "${name}" was opened, but this side accepts none`)
  }

  constructor(pipe: Port) {
    this.pipe = pipe
    pipe.onMessage((message) => this.receive(message))
    pipe.onClose(() => {
      for (const channel of this.channels.values()) channel.closed()
      this.channels.clear()
    })
  }

  /** Called for every channel the other side opens. Set it before the other side can open one. */
  onOpen(accept: (name: string, port: Port) => void): void {
    this.accept = accept
  }

  open(name: string): Port {
    const id = this.nextChannel
    this.nextChannel += 1
    const channel = this.createChannel(id)
    this.send({ channel: id, kind: 'open', name })
    return channel.port
  }

  private receive(message: unknown): void {
    if (!isFrame(message)) throw new TypeError('expected a multiplexer frame')
    if (message.kind === 'open') {
      this.accept(message.name, this.createChannel(message.channel).port)
      return
    }
    const channel = this.channels.get(message.channel)
    // A frame may cross our own close on the way; what it carried has no reader any more.
    if (!channel) return
    if (message.kind === 'data') channel.deliver(message.data)
    else {
      this.channels.delete(message.channel)
      channel.closed()
    }
  }

  private send(frame: Frame): void {
    this.pipe.post(frame)
  }

  private createChannel(id: number): PortEnd {
    const channel = portEnd({
      open: true,
      send: (data) => this.send({ channel: id, kind: 'data', data }),
      release: () => {
        this.channels.delete(id)
        this.send({ channel: id, kind: 'close' })
      },
    })
    this.channels.set(id, channel)
    return channel
  }
}
