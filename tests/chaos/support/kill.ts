import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** As a power cut does it: no handler runs, nothing is flushed. */
export async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
