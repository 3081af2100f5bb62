import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'

/** `started` tells a process from a later one with the same number; null where the system does not say. */
const holderSchema = z.object({ pid: z.int().positive(), started: z.string().nullable() })
type Holder = z.infer<typeof holderSchema>

/** More than a few rounds mean that others take and leave the lock faster than it can be looked at. */
const mostRounds = 20
/** Another host is removing the dead lock: a matter of a millisecond. */
const claimRestMs = 25

/**
 * Takes `<data>/client/host.lock` for this process: two hosts on one folder would be two engines on one cache. A lock
 * whose process is gone is taken over.
 * @returns how to release it
 * @throws Error that names the process that holds it and what to do
 */
export async function lockDataFolder(dataDir: string): Promise<() => Promise<void>> {
  const folder = join(dataDir, 'client')
  const file = join(folder, 'host.lock')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const holder: Holder = { pid: process.pid, started: await startOf(process.pid) }
  const mine = JSON.stringify(holder)
  // Linked into place when complete: nobody ever reads half a lock.
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, mine, { flag: 'wx', mode: 0o600 })
  try {
    for (let round = 0; round < mostRounds; round += 1) {
      if (await succeeds(link(draft, file), 'EEXIST')) return () => release(file, mine)
      const theirs = await read(file)
      if (theirs === null) continue
      const alive = await livingHolder(theirs)
      if (alive) throw new Error(inUse(dataDir, file, alive))
      await takeAway(file, theirs)
    }
  } finally {
    await unlink(draft)
  }
  throw new Error(
    `the lock ${file} changes hands all the time: end the other hosts of ${dataDir}, delete ${file}.claim if it is there, and try again`,
  )
}

function inUse(dataDir: string, file: string, { pid }: Holder): string {
  return (
    `the data folder ${dataDir} is in use by another QuoteDesk, process ${pid}: use its window, end it, or name ` +
    `another folder with --data. If process ${pid} is not QuoteDesk, delete ${file}`
  )
}

async function livingHolder(text: string): Promise<Holder | null> {
  const holder = parse(text)
  if (!holder || !isAlive(holder.pid)) return null
  const started = await startOf(holder.pid)
  return started !== null && holder.started !== null && started !== holder.started ? null : holder
}

function parse(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Linux: the boot and the tick of it in which the process started. */
async function startOf(pid: number): Promise<string | null> {
  const [boot, stat] = await Promise.all([read('/proc/sys/kernel/random/boot_id'), read(`/proc/${pid}/stat`)])
  // The second field is the program's name in brackets and may hold anything; the start is the 22nd.
  const tick = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return boot === null || tick === undefined ? null : `${boot.trim()} ${tick}`
}

/** Only whoever made the claim may remove a dead lock, and only after looking again: the lock of a living host is never touched. */
async function takeAway(file: string, expected: string): Promise<void> {
  const claim = `${file}.claim`
  if (!(await succeeds(writeFile(claim, '', { flag: 'wx', mode: 0o600 }), 'EEXIST'))) {
    await delay(claimRestMs)
    return
  }
  try {
    if ((await read(file)) === expected) await unlink(file)
  } finally {
    await unlink(claim)
  }
}

async function release(file: string, mine: string): Promise<void> {
  if ((await read(file)) === mine) await succeeds(unlink(file), 'ENOENT')
}

async function read(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** @returns false when it failed for the expected reason */
async function succeeds(work: Promise<void>, expected: string): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false
    throw error
  }
}
