import { type ChildProcess, fork, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import { LastWords, listening } from './child.ts'
import type { HostChoice } from './choose-host.ts'
import { sampleAccountsFile } from './data-folder.ts'

export interface RunningClient {
  process: ChildProcess
  /** The page's address in the browser host; Electron has a window instead. */
  url: string | null
}

/** Opens the client in the chosen host, signed in to nothing yet, pointed at the server. */
export async function startClient(
  choice: HostChoice,
  server: string,
  dataDir: string,
  open: boolean,
): Promise<RunningClient> {
  const sample = sampleAccountsFile(dataDir)
  const args = ['--server', server, '--data', dataDir, ...(existsSync(sample) ? ['--sample', sample] : [])]
  if (choice.host === 'electron') {
    return { process: spawn(choice.executable, [projectRoot, ...args], { stdio: 'inherit' }), url: null }
  }
  const child = fork(join(projectRoot, 'out', 'main', 'browser-host.js'), open ? args : [...args, '--no-open'], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  })
  const words = new LastWords()
  child.stderr?.pipe(process.stderr)
  child.stderr?.on('data', (chunk: Buffer) => words.add(chunk))
  return { process: child, url: await listening('The browser host', child, words) }
}
