import { net, powerMonitor } from 'electron'
import type { HostToEngine } from '../../domain/host/messages.ts'

type PowerEvent = Extract<HostToEngine, { kind: 'power' }>['event']

/** Electron emits no event for it, so it is asked for. */
const onlineCheckMs = 5_000

/** Tells the engine what makes timers and connections stale. Returns how to stop. */
export function watchPower(tell: (event: PowerEvent) => void): () => void {
  const resume = () => tell('resume')
  const suspend = () => tell('suspend')
  const unlock = () => tell('unlock')
  powerMonitor.on('resume', resume)
  powerMonitor.on('suspend', suspend)
  powerMonitor.on('unlock-screen', unlock)
  let online = net.isOnline()
  const timer = setInterval(() => {
    const was = online
    online = net.isOnline()
    if (online && !was) tell('online')
  }, onlineCheckMs)
  return () => {
    clearInterval(timer)
    powerMonitor.off('resume', resume)
    powerMonitor.off('suspend', suspend)
    powerMonitor.off('unlock-screen', unlock)
  }
}
