import type { Port } from './port.ts'

type Frame =
  | { channel: number; kind: 'open'; name: string }
  | { channel: number; kind: 'data'; data: unknown }
  | { channel: number; kind: 'close' }

function isFrame(message: unknown): message is Frame {
  return typeof message === 'object' && message !== null && 'channel' in message && 'kind' in message
}

interface Channel {
  deliver(message: unknown): void
  closed(): void
  port: Port
}

/**
 * Many named Ports over one: a child process has a single pipe, but a control channel and a port for every window.
 * One side opens channels, the other accepts them; each channel keeps the promises of Port.
 */
export class Multiplexer {
  private readonly pipe: Port
  private readonly channels = new Map<number, Channel>()
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

  private createChannel(id: number): Channel {
    const early: unknown[] = []
    let onMessage: ((message: unknown) => void) | null = null
    const closeListeners: Array<() => void> = []
    let open = true
    const closed = () => {
      if (!open) return
      open = false
      for (const listener of closeListeners) listener()
    }
    const channel: Channel = {
      deliver: (message) => (onMessage ? onMessage(message) : void early.push(message)),
      closed,
      port: {
        post: (data) => {
          if (open) this.send({ channel: id, kind: 'data', data })
        },
        onMessage: (listener) => {
          onMessage = listener
          for (const message of early.splice(0)) listener(message)
        },
        onClose: (listener) => (open ? void closeListeners.push(listener) : listener()),
        close: () => {
          if (!open) return
          this.channels.delete(id)
          this.send({ channel: id, kind: 'close' })
          closed()
        },
      },
    }
    this.channels.set(id, channel)
    return channel
  }
}
