import type { Connection, SyncStatus } from '../../domain/rpc/session.ts'
import { momentWords } from './dates.ts'
import { countWords, numberWords } from './money.ts'
import { sentence } from './status.ts'

/** `calm` is grey; `look` asks for attention. `hollow` and `solid` tell them apart without colour. */
export interface ChipWords {
  text: string
  tone: 'calm' | 'busy' | 'look'
}

/** The honest word for the connection: never live when it is not. */
export function connectionWords(connection: Connection, nowMs: number, timeZone: string): ChipWords {
  if (connection.state === 'live') return { text: 'Live', tone: 'calm' }
  if (connection.state === 'connecting') return { text: 'Connecting', tone: 'busy' }
  if (connection.state === 'catching_up') return { text: `Catching up ${progressWords(connection)}`, tone: 'busy' }
  if (connection.state === 'offline') {
    return { text: `Offline since ${momentWords(connection.since, nowMs, timeZone)}`, tone: 'look' }
  }
  return { text: connection.state === 'signed_out' ? 'Signed out' : 'Update needed', tone: 'look' }
}

export const progressWords = ({ done, total }: { done: number; total: number }) =>
  `${numberWords(done)} of ${numberWords(total)}`

/** `look`: asks for attention. */
export interface SyncFact {
  text: string
  /** Without the words that one can guess, for narrow windows. */
  short: string
  look: boolean
}

/** What stands beside the connection: waiting and refused changes, and when all was last in step. */
export function syncFacts(status: SyncStatus, nowMs: number, timeZone: string): SyncFact[] {
  const facts: SyncFact[] = []
  const { pending_changes: pending, refused_changes: refused } = status
  if (pending > 0) {
    const text = `${countWords(pending, 'change')} waiting`
    facts.push({ text, short: `${numberWords(pending)} waiting`, look: false })
  }
  if (refused > 0) {
    const text = `${numberWords(refused)} refused`
    facts.push({ text, short: text, look: true })
  }
  // While it is cut off or catching up, the connection itself says since when and how far.
  if (status.connection.state !== 'live' && status.last_synced_at !== null) return facts
  const synced = lastSyncedWords(status.last_synced_at, nowMs, timeZone)
  facts.push({ text: synced, short: synced, look: false })
  return facts
}

export function lastSyncedWords(instant: string | null, nowMs: number, timeZone: string): string {
  return instant === null ? 'never synced' : `synced ${momentWords(instant, nowMs, timeZone)}`
}

/** What the state means for the person, in a sentence or two. */
export function connectionSentence(connection: Connection, nowMs: number, timeZone: string): string {
  if (connection.state === 'live') return 'Changes by your colleagues appear here as they are made.'
  if (connection.state === 'connecting') return 'Reaching the server. What you see is from this machine.'
  if (connection.state === 'signed_out') return 'Sign in to see your quotes and to send your changes.'
  if (connection.state === 'update_needed') return connection.message
  if (connection.state === 'catching_up') {
    return connection.what === 'snapshot'
      ? `Fetching your quotes: ${progressWords(connection)}. You can already work with what is here.`
      : `Fetching what changed meanwhile: ${progressWords(connection)}. What you see may be a little old.`
  }
  const { reason, retry_at } = connection
  const retry = retry_at === null ? '' : ` Next try at ${momentWords(retry_at, nowMs, timeZone)}.`
  return `${sentence(reason)} You can go on working: your changes are kept here and sent later.${retry}`
}

/** Smaller differences are measuring noise and change nothing for anybody. */
const noticeableOffsetMs = 2_000

/** How this machine's clock differs from the server's, or null when that does not matter. */
export function clockWords(serverOffsetMs: number | null): string | null {
  if (serverOffsetMs === null || Math.abs(serverOffsetMs) <= noticeableOffsetMs) return null
  const direction = serverOffsetMs > 0 ? 'behind' : 'ahead of'
  return `This machine’s clock is ${durationWords(Math.abs(serverOffsetMs))} ${direction} the server’s. Alerts follow the server’s; set this one right to see the right times.`
}

/** `8 seconds`, `3 minutes`, `2 hours`, `4 days`, rounded to the largest unit that fits. */
function durationWords(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return countWords(seconds, 'second')
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return countWords(minutes, 'minute')
  const hours = Math.round(minutes / 60)
  return hours < 48 ? countWords(hours, 'hour') : countWords(Math.round(hours / 24), 'day')
}
