import { type ChildProcess, fork, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import { exited, LastWords, listening } from './child.ts'

const serverCli = join(projectRoot, 'server', 'cli', 'main.ts')

/** @throws Error that says so when something else listens on the port; 0 is always free */
export async function assertPortFree(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code})`
      reject(new Error(`Port ${port} ${why}. Stop what listens there, or choose another with --port N.`))
    })
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, resolve)
  })
  await new Promise((resolve) => probe.close(resolve))
}

/** Fills an empty database with the sample workspace; its progress goes to this terminal. */
export async function makeSample(dataDir: string): Promise<void> {
  const child = spawn(process.execPath, [serverCli, 'sample', '--data', dataDir], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await exited(child)
  if (code !== 0) throw new Error(`The sample workspace could not be made (exit code ${code}).`)
}

export interface RunningServer {
  url: string
  process: ChildProcess
}

/** Starts the server and waits until it listens. Its log goes to a file: the terminal is for what to do next. */
export async function startServer(dataDir: string, port: number): Promise<RunningServer> {
  const child = fork(serverCli, ['serve', '--data', dataDir, '--port', String(port)], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches a whole terminal group at once; the client goes first, and we tell the server when.
    detached: process.platform !== 'win32',
  })
  const log = createWriteStream(join(dataDir, 'server.log'), { flags: 'a', mode: 0o600 })
  const words = new LastWords()
  child.stdout?.pipe(log)
  child.stderr?.pipe(log)
  child.stderr?.on('data', (chunk: Buffer) => words.add(chunk))
  return { url: await listening('The server', child, words), process: child }
}
