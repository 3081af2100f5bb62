/**
 * An engine that does what a test says: a text on its control channel from the host that starts with `say ` is sent
 * back as JSON, and what the host tells it is told to the test through the window ports.
 */
import type { EventEmitter } from 'node:events'

interface PortMain extends EventEmitter {
  postMessage(message: unknown): void
  start(): void
}

const parentPort = (process as unknown as { parentPort: EventEmitter }).parentPort
const windows: PortMain[] = []
const heard: unknown[] = []
let control: PortMain | null = null

parentPort.on('message', ({ data, ports }: { data: { kind: string }; ports: PortMain[] }) => {
  const port = ports[0]
  if (!port) return
  if (data.kind === 'control') {
    control = port
    port.on('message', ({ data: message }: { data: { kind: string } }) => {
      heard.push(message)
      for (const window of windows) window.postMessage(message)
      if (message.kind === 'start') port.postMessage({ kind: 'ready' })
      if (message.kind === 'stop') port.postMessage({ kind: 'stopped' })
    })
  } else {
    windows.push(port)
    // A window says what the engine shall tell its host.
    port.on('message', ({ data: order }: { data: unknown }) => {
      if (order === 'crash') process.exit(3)
      if (order === 'heard') port.postMessage(heard)
      else control?.postMessage(order)
    })
  }
  port.start()
})
