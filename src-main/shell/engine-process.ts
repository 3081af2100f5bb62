import { MessageChannelMain, type MessagePortMain, utilityProcess } from 'electron'
import { messagePort } from '../../domain/host/message-port.ts'
import type { EngineProcess } from '../host/engine-supervisor.ts'

/** An engine in a utility process. Each window gets a message channel of its own to it. */
export interface UtilityEngine extends EngineProcess {
  /** Hands the engine its end of a window's channel; the returned end is for the page. */
  openWindow(): MessagePortMain
}

/** @param file the built engine, `out/main/engine.js` */
export function forkUtilityEngine(file: string): UtilityEngine {
  const child = utilityProcess.fork(file, [], { serviceName: 'QuoteDesk engine', stdio: 'inherit' })
  const give = (kind: 'control' | 'window') => {
    const { port1, port2 } = new MessageChannelMain()
    child.postMessage({ kind }, [port1])
    return port2
  }
  let ended: string | null = null
  const listeners: Array<(how: string) => void> = []
  child.on('exit', (code) => {
    ended = `with exit code ${code}`
    for (const listener of listeners) listener(ended)
  })
  return {
    control: messagePort(give('control')),
    openWindow: () => give('window'),
    onExit: (listener) => (ended === null ? void listeners.push(listener) : listener(ended)),
    // A utility process does not end by itself when its ports close.
    release: () => child.kill(),
    kill: () => child.kill(),
  }
}
