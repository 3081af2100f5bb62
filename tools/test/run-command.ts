import { spawn } from 'node:child_process'
import { projectRoot } from '../project-root.ts'

export interface CommandOptions {
  env?: Record<string, string>
  /** Ended by force after this; a hanging test must not hang the run. */
  boundMs: number
  quiet?: boolean
}

export interface CommandResult {
  code: number
  timedOut: boolean
  /** The end of what it printed, when quiet. */
  tail: string
}

/** Runs one command with its output on this terminal; its whole process group ends with it. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(command, [...args], {
    cwd: projectRoot,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', options.quiet ? 'pipe' : 'inherit', options.quiet ? 'pipe' : 'inherit'],
    detached: process.platform !== 'win32',
  })
  let tail = ''
  const keep = (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-3_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  let timedOut = false
  const endGroup = () => {
    try {
      if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // The group is gone already.
    }
  }
  const bound = setTimeout(() => {
    timedOut = true
    endGroup()
  }, options.boundMs)
  // A group of its own does not get this terminal's Ctrl-C.
  const interrupted = () => {
    endGroup()
    process.exit(130)
  }
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  try {
    const code = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        tail += error.message
        resolve(127)
      })
      child.once('close', (exitCode) => resolve(exitCode ?? 1))
    })
    return { code, timedOut, tail }
  } finally {
    clearTimeout(bound)
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
  }
}

/** A program of node_modules, run by this very Node. */
export function runTool(script: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return runCommand(process.execPath, [script, ...args], options)
}
