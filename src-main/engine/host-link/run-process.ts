import { createEngine } from '../engine.ts'
import { createLog } from '../log.ts'
import { systemScheduler } from '../scheduler.ts'
import { openSocketLink } from '../sync/socket-link.ts'
import { systemClock } from '../system-clock.ts'
import { createHostChannel, type HostChannel } from './host-channel.ts'
import { type AcceptPort, linkParentPort, linkParentProcess, type ParentPort } from './host-link.ts'

/** The engine as a process of its own, under whichever host started it. Ends when the host does. */
export function runProcess(): void {
  const engine = createEngine({
    clock: systemClock,
    scheduler: systemScheduler,
    fetch,
    openLink: openSocketLink,
    random: Math.random,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    machineZone: () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    createLog,
  })
  let host: HostChannel | null = null
  const end = () => {
    engine.stop()
    process.exit(0)
  }
  const accept: AcceptPort = (kind, port) => {
    if (kind === 'window') {
      engine.attachWindow(port)
      return
    }
    if (host) throw new Error('the host opened a second control channel')
    host = createHostChannel(port)
    host.onClose(end)
    engine.serve(host)
  }
  // An engine in an unknown state must not go on writing: the host starts a new one, and the cache holds.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`)
    engine.stop()
    host?.send({ kind: 'failed', message: error.message })
    // The message leaves asynchronously.
    setTimeout(() => process.exit(1), 100)
  })

  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) linkParentPort(parentPort, accept)
  else if (process.send) linkParentProcess(process, accept).onClose(end)
  else throw new Error('the engine is started by its host (npm start), not by hand')
}
