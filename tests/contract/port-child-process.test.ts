import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ipcPort } from '../../domain/host/ipc-port.ts'
import { Multiplexer } from '../../domain/host/multiplex.ts'
import { portContract } from './support/port-contract.ts'

const echoChild = fileURLToPath(new URL('./support/echo-child.ts', import.meta.url))

portContract('a channel to a child process', async () => {
  const child = fork(echoChild)
  const pipe = ipcPort(child)
  const port = new Multiplexer(pipe).open('window')
  await once(child, 'spawn')
  return {
    port,
    dispose: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      pipe.close()
      await exit
    },
  }
})
