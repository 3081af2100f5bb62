import type { Connection, SyncStatus } from '../../domain/rpc/session.ts'
import { momentWords } from './dates.ts'
import { countWords, numberWords } from './money.ts'

/** `calm` is grey; `look` asks for attention. `hollow` and `solid` tell them apart without colour. */
export interface ChipWords {
  text: string
  tone: 'calm' | 'busy' | 'look'
}

/** The honest word for the connection: never live when it is not. */
export function connectionWords(connection: Connection, nowMs: number, timeZone: string): ChipWords {
  switch (connection.state) {
    case 'live':
      return { text: 'Live', tone: 'calm' }
    case 'connecting':
      return { text: 'Connecting', tone: 'busy' }
    case 'catching_up':
      return { text: `Catching up ${progressWords(connection)}`, tone: 'busy' }
    case 'offline':
      return { text: `Offline since ${momentWords(connection.since, nowMs, timeZone)}`, tone: 'look' }
    case 'signed_out':
      return { text: 'Signed out', tone: 'look' }
    case 'update_needed':
      return { text: 'Update needed', tone: 'look' }
  }
}

export const progressWords = ({ done, total }: { done: number; total: number }) =>
  `${numberWords(done)} of ${numberWords(total)}`

/** `look`: asks for attention. */
export interface SyncFact {
  text: string
  look: boolean
}

/** What stands beside the connection: waiting and refused changes, and when all was last in step. */
export function syncFacts(status: SyncStatus, nowMs: number, timeZone: string): SyncFact[] {
  const facts: SyncFact[] = []
  const calm = (text: string) => facts.push({ text, look: false })
  if (status.pending_changes > 0) calm(`${countWords(status.pending_changes, 'change')} waiting`)
  if (status.refused_changes > 0) facts.push({ text: `${numberWords(status.refused_changes)} refused`, look: true })
  calm(lastSyncedWords(status.last_synced_at, nowMs, timeZone))
  return facts
}

export function lastSyncedWords(instant: string | null, nowMs: number, timeZone: string): string {
  return instant === null ? 'never synced' : `synced ${momentWords(instant, nowMs, timeZone)}`
}

/** What the state means for the person, in a sentence or two. */
export function connectionSentence(connection: Connection, nowMs: number, timeZone: string): string {
  switch (connection.state) {
    case 'live':
      return 'Changes by your colleagues appear here as they are made.'
    case 'connecting':
      return 'Reaching the server. What you see is from this machine.'
    case 'catching_up':
      return connection.what === 'snapshot'
        ? `Fetching your quotes: ${progressWords(connection)}. You can already work with what is here.`
        : `Fetching what changed meanwhile: ${progressWords(connection)}. What you see may be a little old.`
    case 'offline': {
      const retry =
        connection.retry_at === null ? '' : ` Next try at ${momentWords(connection.retry_at, nowMs, timeZone)}.`
      return `${connection.reason} You can go on working: your changes are kept here and sent later.${retry}`
    }
    case 'signed_out':
      return 'Sign in to see your quotes and to send your changes.'
    case 'update_needed':
      return connection.message
  }
}
