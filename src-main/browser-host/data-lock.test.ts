import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataFolder } from './data-lock.ts'

let dataDir: string
let client: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quotedesk-lock-'))
  client = join(dataDir, 'client')
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const holder = async () => (JSON.parse(await readFile(join(client, 'host.lock'), 'utf8')) as { pid: number }).pid

const leave = (text: string) =>
  mkdir(client, { recursive: true }).then(() => writeFile(join(client, 'host.lock'), text))

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

describe('the lock of a data folder', () => {
  it('is held by one host at a time; the other is told by whom and what to do', async () => {
    const release = await lockDataFolder(dataDir)
    await expect(lockDataFolder(dataDir)).rejects.toThrow(
      new RegExp(`${dataDir} is in use by another QuoteDesk, process ${process.pid}: use its window, end it, or name`),
    )
    await release()
    expect(await readdir(client)).toEqual([])
    await (await lockDataFolder(dataDir))()
  })

  it('goes to exactly one of many that ask at once, also when a dead one left it', async () => {
    await leave(JSON.stringify({ pid: await deadPid(), started: null }))
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataFolder(dataDir)))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await readdir(client)).toEqual(['host.lock'])
  })

  it('is taken over from a process that is gone, and from a file that names none', async () => {
    await leave(JSON.stringify({ pid: await deadPid(), started: null }))
    const release = await lockDataFolder(dataDir)
    expect(await holder()).toBe(process.pid)
    await release()
    await leave('')
    await lockDataFolder(dataDir)
    expect(await holder()).toBe(process.pid)
  })

  it.runIf(process.platform === 'linux')('is taken over when its number belongs to a later process', async () => {
    await leave(JSON.stringify({ pid: process.pid, started: 'an earlier boot 1' }))
    await expect(lockDataFolder(dataDir)).resolves.toBeTypeOf('function')
  })
})
