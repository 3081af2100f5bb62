import type { ChildProcess } from 'node:child_process'
import { z } from 'zod'

const listeningSchema = z.object({ kind: z.literal('listening'), url: z.string() })

/** What a process we started last said about its trouble; for the line we print when it ends. */
export class LastWords {
  private text = ''

  add(chunk: Buffer): void {
    this.text = (this.text + chunk.toString()).slice(-4_000)
  }

  toString(): string {
    return this.text.trim()
  }
}

export function exited(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? 1)
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1))
    // It never started; the lines above say why.
    child.once('error', () => resolve(1))
  })
}

/**
 * Waits until a forked process tells where it listens.
 * @param words collects its stderr, which the error then holds
 * @throws Error when it ends before
 */
export function listening(name: string, child: ChildProcess, words: LastWords): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const told = listeningSchema.safeParse(message)
      if (told.success) resolve(told.data.url)
    })
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)))
    // `close` comes after the last of stderr, `exit` may come before.
    child.once('close', (code) => reject(new Error(`${name} ended with code ${code}.\n${words.toString()}`.trim())))
  })
}

/** Asks in order, then ends it by force when it does not come to an end within the bound. */
export async function stopChild(child: ChildProcess, boundMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  // Windows has no SIGTERM that a process could answer; losing us is what a forked one can.
  if (process.platform === 'win32' && child.connected) child.disconnect()
  else child.kill('SIGTERM')
  const bound = setTimeout(() => child.kill('SIGKILL'), boundMs)
  await exited(child)
  clearTimeout(bound)
}
