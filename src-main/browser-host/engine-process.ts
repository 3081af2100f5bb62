import { fork } from 'node:child_process'
import { ipcPort } from '../../domain/host/ipc-port.ts'
import { Multiplexer } from '../../domain/host/multiplex.ts'
import type { Port } from '../../domain/host/port.ts'
import type { EngineProcess } from '../host/engine-supervisor.ts'

/** An engine in a child process: one pipe, with a channel for control and one for every window. */
export interface ChildEngine extends EngineProcess {
  openWindow(): Port
}

/** @param file the built engine, `out/main/engine.js` */
export function forkEngine(file: string): ChildEngine {
  const child = fork(file, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const pipe = ipcPort(child)
  const channels = new Multiplexer(pipe)
  let ended: string | null = null
  const listeners: Array<(how: string) => void> = []
  const end = (how: string) => {
    if (ended !== null) return
    ended = how
    for (const listener of listeners) listener(how)
  }
  child.on('exit', (code, signal) => end(signal ? `by signal ${signal}` : `with exit code ${code}`))
  child.on('error', (error) => {
    if (child.pid === undefined) end(`before it started: ${error.message}`)
  })
  return {
    control: channels.open('control'),
    openWindow: () => channels.open('window'),
    onExit: (listener) => (ended === null ? void listeners.push(listener) : listener(ended)),
    release: () => pipe.close(),
    kill: () => child.kill('SIGKILL'),
  }
}
