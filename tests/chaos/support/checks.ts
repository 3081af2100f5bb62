import { existsSync } from 'node:fs'
import type { HistoryEntry } from '../../../domain/quote.ts'
import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import { databaseFile } from '../../../server/config.ts'
import { openRaw } from '../../../server/store/connect.ts'
import { cacheFile } from '../../../src-main/engine/account/account.ts'
import type { ChaosEngine } from './chaos-engine.ts'
import type { Made } from './load.ts'

/** What may never be above 0. */
export interface Damage {
  lost: string[]
  gaps: string[]
  duplicates: string[]
  different: string[]
  alerts_twice: string[]
}

export const noDamage = (): Damage => ({ lost: [], gaps: [], duplicates: [], different: [], alerts_twice: [] })

/** The log, read from the server's file: dense streams, and how often each mark stands in the history. */
export function checkLog(dataDir: string, made: readonly Made[], refused: ReadonlySet<string>, damage: Damage): number {
  const db = openRaw(databaseFile(dataDir), 'read')
  try {
    const streams = db.prepare<[], { stream: string; head: number; floor: number }>('select * from streams').all()
    for (const { stream, head, floor } of streams) {
      const seqs = db
        .prepare<[string, number], number>('select seq from events where stream = ? and seq > ? order by seq')
        .pluck()
        .all(stream, floor)
      const dense = seqs.length === head - floor && seqs.every((seq, index) => seq === floor + index + 1)
      if (!dense) damage.gaps.push(`${stream}: ${seqs.length} events in (${floor}, ${head}]`)
    }
    const counts = new Map<string, number>()
    const bodies = db.prepare<[], string>('select body from events').pluck()
    for (const body of bodies.iterate())
      for (const mark of marksIn(JSON.parse(body) as StreamEvent)) {
        counts.set(mark, (counts.get(mark) ?? 0) + 1)
      }
    for (const { mark, certain } of made) {
      const count = counts.get(mark) ?? 0
      const answered = count + (refused.has(mark) ? 1 : 0)
      if (count > 1) damage.duplicates.push(`${mark}: ${count} times`)
      if (certain && answered === 0) damage.lost.push(mark)
      if (count > 0 && refused.has(mark)) damage.duplicates.push(`${mark}: done, and refused`)
    }
    return [...counts.values()].reduce((sum, count) => sum + count, 0)
  } finally {
    db.close()
  }
}

/** The words by which an edit is known again, in the one history entry that it makes. */
function marksIn({ change }: StreamEvent): string[] {
  if (change.type === 'quote.added') {
    const created = change.data.history.length === 1 && change.data.history[0]?.kind === 'created'
    return created ? [change.data.quote.title].filter(isMark) : []
  }
  if (change.type !== 'quote.changed') return []
  const { note, reason, after }: HistoryEntry = change.data.entry
  return [note, reason, after?.title].filter((text) => typeof text === 'string').filter(isMark)
}

const isMark = (text: string): boolean => text.startsWith('mark ')

/** Every stream of the device is the server's, hash by hash. */
export async function checkHashes(engine: ChaosEngine, damage: Damage): Promise<void> {
  for (const { stream } of await reportsOf(engine)) {
    const found = await engine.ask((client) => client.sync.verify({ stream }))
    if (found.kind !== 'same') damage.different.push(`${engine.name} ${stream}: ${JSON.stringify(found)}`)
  }
}

export async function reportsOf(engine: ChaosEngine) {
  const { streams } = await engine.ask(async (client) => {
    for await (const report of await client.sync.watch()) return report
    throw new Error('the engine gave no report')
  })
  return streams
}

/** Each alert was shown once at most, by the device's own log and by what its host saw. */
export function checkAlerts(engine: ChaosEngine, serverUrl: string, personId: string, damage: Damage): void {
  for (const key of engine.shownTwice()) damage.alerts_twice.push(`${engine.name}: the toast ${key}`)
  const file = cacheFile(engine.dataDir, serverUrl, personId)
  if (!existsSync(file)) return
  const db = openRaw(file, 'read')
  try {
    const twice = db
      .prepare<[], string>(`SELECT key FROM alert_log WHERE decision = 'shown' GROUP BY key HAVING count(*) > 1`)
      .pluck()
      .all()
    for (const key of twice) damage.alerts_twice.push(`${engine.name}: the log of ${key}`)
  } finally {
    db.close()
  }
}
