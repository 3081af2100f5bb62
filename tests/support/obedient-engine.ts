/**
 * An engine for tests of a host: what a window sends as JSON text goes to the host as if the engine had said it, but for the orders
 * `crash`, `heard` and `focus when I am gone`; a window is told everything the host tells the engine from then on.
 */
import type { Port } from '../../domain/host/port.ts'
import { linkParentProcess } from '../../src-main/engine/host-link/host-link.ts'

const windows: Port[] = []
const heard: unknown[] = []
let control: Port | null = null

const pipe = linkParentProcess(process, (kind, port) => {
  if (kind === 'window') {
    windows.push(port)
    port.onMessage((order) => {
      if (order === 'crash') process.exit(3)
      if (order === 'heard') port.post({ heard })
      else if (order === 'focus when I am gone') port.onClose(() => control?.post({ kind: 'focus_window' }))
      else control?.post(JSON.parse(String(order)))
    })
    return
  }
  control = port
  port.onMessage((message) => {
    heard.push(message)
    for (const window of windows) window.post(message)
    const { kind: said } = message as { kind: string }
    if (said === 'start') port.post({ kind: 'ready' })
    if (said === 'stop') port.post({ kind: 'stopped' })
  })
})
pipe.onClose(() => process.exit(0))
