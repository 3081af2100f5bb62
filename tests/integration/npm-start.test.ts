import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const startFile = join(projectRoot, 'tools', 'start.mjs')

let dataDir: string
let child: ChildProcess | null
let output: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quotedesk-start-'))
  child = null
  output = ''
})
afterEach(async () => {
  if (child && child.exitCode === null) {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  }
  await rm(dataDir, { recursive: true, force: true })
})

function start(args: readonly string[], node: string = process.execPath) {
  const started = spawn(node, [startFile, ...args], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  child = started
  return started
}

async function exitCode(started: ChildProcess): Promise<number> {
  const [code] = started.exitCode === null ? await once(started, 'close') : [started.exitCode]
  return code as number
}

const printed = (pattern: RegExp) =>
  vi.waitFor(() => expect(output).toMatch(pattern), { timeout: 120_000, interval: 100 })

describe('npm start', () => {
  it('builds, fills an empty folder, serves both and stops in order on Ctrl-C', { timeout: 180_000 }, async () => {
    const running = start(['--host', 'browser', '--no-open', '--data', dataDir, '--port', '0'])
    await printed(/Ctrl-C stops everything/)
    expect(output).toMatch(/Making the sample workspace: done/)
    expect(output).toMatch(/Client in the browser host, because you asked for it/)
    const server = /Server at (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1] ?? ''
    const page = /Open (http:\/\/127\.0\.0\.1:\d+\/)#token=/.exec(output)?.[1] ?? ''
    expect((await fetch(page)).status).toBe(200)
    expect((await fetch(`${server}/me`)).status).toBe(401)
    expect((await stat(join(dataDir, 'sample-accounts.json'))).mode & 0o777).toBe(0o600)

    running.kill('SIGINT')
    expect(await exitCode(running)).toBe(0)
    expect(output).toContain('Stopped.')
    await expect(fetch(page)).rejects.toThrow('fetch failed')
    await expect(fetch(`${server}/me`)).rejects.toThrow('fetch failed')

    // A second start keeps what the first made.
    output = ''
    const again = start(['--host', 'browser', '--no-open', '--data', dataDir, '--port', '0'])
    await printed(/Ctrl-C stops everything/)
    expect(output).toMatch(/Making the sample workspace: there/)
    again.kill('SIGINT')
    expect(await exitCode(again)).toBe(0)
  })

  it('says that the port is taken, and does not start', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await exitCode(start(['--data', dataDir, '--port', String(port)]))).toBe(1)
    expect(output).toContain(`Port ${port} is taken`)
    await new Promise((resolve) => other.close(resolve))
  })

  it('says that the data folder cannot be written, and does not start', async () => {
    const file = join(dataDir, 'file')
    await writeFile(file, '')
    expect(await exitCode(start(['--data', file, '--port', '0']))).toBe(1)
    expect(output).toContain(`The data folder ${file} cannot be written`)
  })

  it('says what flags there are when one is unknown or wrong', async () => {
    expect(await exitCode(start(['--host', 'firefox']))).toBe(1)
    expect(output).toContain('expected electron or browser')
  })

  const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].filter((file) => existsSync(file)).find(isTooOld)
  it.skipIf(oldNode === undefined)('with an old Node says which is needed instead of crashing', async () => {
    expect(await exitCode(start(['--help'], oldNode))).toBe(1)
    expect(output).toContain('QuoteDesk needs Node 24 or newer')
  })
})

function isTooOld(node: string): boolean {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout
  return Number(/^v(\d+)/.exec(version)?.[1]) < 24
}
