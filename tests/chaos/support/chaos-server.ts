import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { killNow } from './kill.ts'

const script = fileURLToPath(new URL('./server-process.ts', import.meta.url))

/** A real server process that can be killed and started again on the same files and port. */
export interface ChaosServer {
  port: () => number
  isUp: () => boolean
  start: () => Promise<void>
  /** SIGKILL, this instant. */
  kill: () => Promise<void>
  kills: () => number
}

export function createChaosServer(dataDir: string, aheadMs: number): ChaosServer {
  let child: ChildProcess | null = null
  let port = 0
  let kills = 0
  let starting: Promise<void> | null = null
  return {
    port: () => port,
    isUp: () => child !== null,
    start: () => {
      // Whoever asks while it is on its way waits for the same.
      starting ??= launch()
      return starting
    },
    kill: async () => {
      const running = child
      child = null
      starting = null
      if (!running) return
      kills += 1
      await killNow(running)
    },
    kills: () => kills,
  }

  async function launch(): Promise<void> {
    const started = fork(script, [dataDir, String(port), String(aheadMs)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child = started
    const listening = once(started, 'message').then(([message]) => message as { url: string })
    const ended = once(started, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code} instead of listening`)
    })
    ended.catch(() => undefined)
    const { url } = await Promise.race([listening, ended])
    port = Number(new URL(url).port)
  }
}
