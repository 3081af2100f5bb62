import { existsSync, renameSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import Database from 'better-sqlite3'
import { isDamage } from './damage.ts'
import { type Cache, openCache } from './open-cache.ts'
import { type Salvaged, salvage, writeSalvaged } from './salvage.ts'

const ends = ['', '-wal', '-shm'] as const

/**
 * Opens the cache; a file that is damaged is moved aside first, and what this machine alone knew (changes that were not
 * sent, alerts that were shown) is taken over from it as far as it can be read. The rest comes from the server again.
 *
 * Whenever this is interrupted, the next start finishes it: the rescued rows are complete before the file is moved.
 * @param at canonical instant text, for the name of the file moved aside
 * @throws CacheError when the file cannot be used for another reason
 */
export function openOrReplace(file: string, at: string): Cache {
  if (existsSync(rescuedFile(file))) moveIntoPlace(file, at)
  try {
    return openCache(file)
  } catch (error) {
    if (!isDamage(error)) throw error
    replaceDamaged(file, at)
    return openCache(file)
  }
}

/** Moves a damaged file aside and puts a fresh one with what could be rescued into its place. Nobody may have it open. */
export function replaceDamaged(file: string, at: string): void {
  const rescued = salvage(file)
  const part = `${rescuedFile(file)}.part`
  for (const end of ends) rmSync(`${part}${end}`, { force: true })
  const connection = new Database(part)
  try {
    writeSalvaged(connection, part, rescued, noticeOf(rescued, basename(damagedFile(file, at))))
  } finally {
    connection.close()
  }
  renameSync(part, rescuedFile(file))
  moveIntoPlace(file, at)
}

/** The log goes first: a log that stays behind would be taken for the new file's own. */
function moveIntoPlace(file: string, at: string): void {
  for (const end of ends.toReversed()) {
    if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${damagedFile(file, at)}${end}`)
  }
  renameSync(rescuedFile(file), file)
}

const rescuedFile = (file: string) => `${file}.rescued`

/** Without the colons of an instant, which not every system takes in a name. */
const damagedFile = (file: string, at: string) => `${file}.damaged-${at.replaceAll(/[-:.]/g, '')}`

/** For the person: what was saved, and what could not be. */
function noticeOf({ outbox, alerts, client }: Salvaged, moved: string): string {
  // Marks of alerts are housekeeping.
  const { length } = outbox.rows.filter(({ name }) => name !== 'alert.mark')
  const changes = `${length} unsent or refused ${length === 1 ? 'change' : 'changes'}`
  const saved = outbox.complete
    ? length === 0
      ? 'No changes were waiting to be sent.'
      : `${changes} ${length === 1 ? 'was' : 'were'} saved.`
    : length === 0
      ? 'Changes that were waiting to be sent could not be read from it and are lost.'
      : `${changes} ${length === 1 ? 'was' : 'were'} saved; others that may have been waiting could not be read.`
  const unsure = client ? '' : ' Changes that were on their way are listed as refused: check whether they arrived.'
  const repeated = alerts.complete ? '' : ' Alerts that you have seen may be shown again.'
  return (
    `This machine's copy of the quotes was damaged and has been replaced; it is fetched again from the server. ` +
    `${saved}${unsure}${repeated} The damaged file is kept as ${moved}.`
  )
}
