import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { coverageEnv } from '../../support/coverage.ts'

export const projectRoot = join(import.meta.dirname, '..', '..', '..')

/** Long enough for a cold start on a busy machine of two cores. */
const startBoundMs = 30_000

export interface Started {
  url: string
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/** Forks a program that tells by `{kind: 'listening', url}` when it is up; its output goes into any error. */
export async function startChild(file: string, args: readonly string[]): Promise<Started> {
  const child = fork(file, [...args], {
    cwd: projectRoot,
    env: { ...process.env, ...coverageEnv() },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const output: string[] = []
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${file} ${args.join(' ')}: ${why}\n${output.join('')}`))
    const bound = setTimeout(() => fail(`did not listen within ${startBoundMs} ms`), startBoundMs)
    child.on('message', (message: { kind?: string; url?: string }) => {
      if (message.kind !== 'listening' || message.url === undefined) return
      clearTimeout(bound)
      resolve(message.url)
    })
    child.once('close', (code) => {
      clearTimeout(bound)
      fail(`ended with code ${code}`)
    })
  }).catch(async (error: Error) => {
    await end(child, 'SIGKILL')
    throw error
  })
  return { url, stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') }
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  // A power cut takes what the program has started with it; an orderly end is the program's own business.
  if (signal === 'SIGKILL' && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  else child.kill(signal)
  await exit
}
