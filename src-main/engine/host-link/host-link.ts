import { type IpcPipe, ipcPort } from '../../../domain/host/ipc-port.ts'
import { type MessagePortLike, messagePort } from '../../../domain/host/message-port.ts'
import { Multiplexer } from '../../../domain/host/multiplex.ts'
import type { Port } from '../../../domain/host/port.ts'

/** Called for each port the host opens: the control channel once, then one for every window. */
export type AcceptPort = (kind: 'control' | 'window', port: Port) => void

/** Electron's `process.parentPort` in a utility process, as far as it is used here. */
export interface ParentPort {
  on: (event: 'message', listener: (event: { data: unknown; ports: MessagePortLike[] }) => void) => unknown
}

/** Under Electron: each message names what its one transferred port is for. */
export function linkParentPort(parentPort: ParentPort, accept: AcceptPort): void {
  parentPort.on('message', ({ data, ports }) => {
    const [port] = ports
    if (!port) throw new TypeError('the host sent no port with its message')
    accept(kindOf((data as { kind?: unknown } | null)?.kind), messagePort(port))
  })
}

/** Under child_process.fork: one pipe with a channel for each port. @returns the pipe, to know when the host is gone */
export function linkParentProcess(process: IpcPipe, accept: AcceptPort): Port {
  const pipe = ipcPort(process)
  new Multiplexer(pipe).onOpen((name, port) => accept(kindOf(name), port))
  return pipe
}

function kindOf(name: unknown): 'control' | 'window' {
  if (name === 'control' || name === 'window') return name
  throw new TypeError(`the host opened a port for "${String(name)}", expected "control" or "window"`)
}
