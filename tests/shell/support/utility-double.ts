import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { MessagePortDouble } from './port-double.ts'

/** How a port that was handed to the child goes over the one pipe there is. */
export type PortFrame =
  | { port: number; kind: 'given'; message: unknown }
  | { port: number; kind: 'data'; data: unknown }
  | { port: number; kind: 'closed' }

const shim = fileURLToPath(new URL('./utility-shim.ts', import.meta.url))

/** Electron's UtilityProcess: a real child process whose `process.parentPort` is a shim. */
export class UtilityDouble extends EventEmitter {
  private readonly child: ChildProcess
  private readonly ports = new Map<number, MessagePortDouble>()

  constructor(file: string) {
    super()
    this.child = fork(shim, [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.child.on('exit', (code) => {
      for (const port of this.ports.values()) port.close()
      this.emit('exit', code ?? 1)
    })
    this.child.on('message', (frame: PortFrame) => {
      const port = this.ports.get(frame.port)
      if (frame.kind === 'data') port?.postMessage(frame.data)
      if (frame.kind === 'closed') port?.close()
    })
  }

  postMessage(message: unknown, transfer: readonly MessagePortDouble[]) {
    for (const port of transfer) {
      const id = this.ports.size + 1
      this.ports.set(id, port)
      const send = (frame: PortFrame) => void (this.child.connected && this.child.send(frame))
      send({ port: id, kind: 'given', message })
      port.on('message', ({ data }: { data: unknown }) => send({ port: id, kind: 'data', data }))
      port.on('close', () => send({ port: id, kind: 'closed' }))
      port.start()
    }
  }

  kill() {
    return this.child.kill('SIGKILL')
  }
}

export function forkUtility(file: string): UtilityDouble {
  return new UtilityDouble(file)
}
