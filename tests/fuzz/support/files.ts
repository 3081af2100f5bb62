import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Memory where there is such a place: a simulation flushes thousands of times, and its crashes are of processes, not of power. */
export function scratchFolder(): { dir: string; remove: () => void } {
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const dir = mkdtempSync(path.join(base, 'quotedesk-fuzz-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

export const walOf = (file: string): string => `${file}-wal`

export function walBytes(file: string): number {
  return existsSync(walOf(file)) ? statSync(walOf(file)).size : 0
}

/**
 * What a process leaves behind when it is killed this instant: the database and its log as they lie on the disk. The shared
 * memory file is left out; SQLite makes it again.
 */
export function copyAsKilled(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true })
  copyFileSync(from, to)
  if (existsSync(walOf(from))) copyFileSync(walOf(from), walOf(to))
}

/** The log ends in the middle of what was written last. */
export function tearWal(file: string, bytes: number): void {
  if (walBytes(file) > bytes) truncateSync(walOf(file), bytes)
}

export function removeDatabase(file: string): void {
  rmSync(path.dirname(file), { recursive: true, force: true })
}
