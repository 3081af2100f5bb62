import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A schedule that broke an invariant, with all that is needed to look into it. */
export interface Found {
  seed: number
  message: string
  /** The schedule with every step left out that is not needed to fail. */
  clients: number
  steps: { kind: string; seed: number }[]
  trace: string[]
}

export type FromWorker = { kind: 'ready' } | { kind: 'begun' | 'done'; seed: number } | { kind: 'found'; found: Found }
export type ToWorker = { from: number; to: number } | 'enough'

const script = fileURLToPath(new URL('./fuzz-worker.ts', import.meta.url))

/**
 * A process that runs portions of seeds until there are none. One that dies counts as a failure of the seed it was at, and
 * another takes its place.
 */
export async function startFuzzWorker(
  takePortion: () => { from: number; to: number } | null,
  told: { onDone: () => void; onFound: (found: Found) => void },
): Promise<void> {
  for (let again = true; again; ) again = await runWorker(takePortion, told)
}

function runWorker(
  takePortion: () => { from: number; to: number } | null,
  told: { onDone: () => void; onFound: (found: Found) => void },
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = fork(script, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    let at: number | null = null
    let end = 0
    const give = () => {
      const given = takePortion()
      if (given) end = given.to
      child.send((given ?? 'enough') satisfies ToWorker)
    }
    child.on('message', (message: FromWorker) => {
      if (message.kind === 'begun') at = message.seed
      else if (message.kind === 'found') told.onFound(message.found)
      else if (message.kind === 'done') {
        at = null
        told.onDone()
        if (message.seed === end - 1) give()
      } else give()
    })
    child.on('exit', (code) => {
      if (at !== null) {
        const message = `the worker ended with ${code}: something threw where nobody listens`
        told.onFound({ seed: at, message, clients: 0, steps: [], trace: [] })
      }
      resolve(at !== null)
    })
  })
}
