import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { SyncStatus } from '../../domain/rpc/session.ts'
import { clockWords, connectionSentence, connectionWords, lastSyncedWords, syncFacts } from './connection.ts'

const zone = 'Europe/Berlin'
const nowMs = Temporal.Instant.from('2026-11-24T14:02:00+01:00').epochMilliseconds
const since = '2026-11-24T12:40:00.000Z'

const status: SyncStatus = {
  connection: { state: 'live' },
  last_synced_at: since,
  pending_changes: 0,
  refused_changes: 0,
  toast_channel: { kind: 'native', via: 'dbus' },
  secret_keeping: { kind: 'kept' },
  server_offset_ms: 0,
  alerts_held: 0,
  next_release_at: null,
}

describe('the connection chip', () => {
  it.each([
    [{ state: 'live' }, 'Live', 'calm'],
    [{ state: 'connecting', since }, 'Connecting', 'busy'],
    [{ state: 'catching_up', what: 'events', done: 1240, total: 8800 }, 'Catching up 1,240 of 8,800', 'busy'],
    [{ state: 'offline', since, reason: 'No answer.', retry_at: null }, 'Offline since 13:40', 'look'],
    [{ state: 'signed_out' }, 'Signed out', 'look'],
    [{ state: 'update_needed', message: 'Too old.' }, 'Update needed', 'look'],
  ] as const)('%o says "%s"', (connection, text, tone) => {
    expect(connectionWords(connection, nowMs, zone)).toEqual({ text, tone })
    expect(connectionSentence(connection, nowMs, zone)).not.toBe('')
  })

  it('names waiting and refused changes and the last time all was in step', () => {
    expect(syncFacts(status, nowMs, zone)).toEqual([{ text: 'synced 13:40', short: 'synced 13:40', look: false }])
    expect(syncFacts({ ...status, pending_changes: 3, refused_changes: 1 }, nowMs, zone)).toEqual([
      { text: '3 changes waiting', short: '3 waiting', look: false },
      { text: '1 refused', short: '1 refused', look: true },
      { text: 'synced 13:40', short: 'synced 13:40', look: false },
    ])
    const offline = { state: 'offline', since, reason: 'No answer.', retry_at: null } as const
    expect(syncFacts({ ...status, connection: offline }, nowMs, zone)).toEqual([])
    expect(syncFacts({ ...status, connection: offline, last_synced_at: null }, nowMs, zone)).toMatchObject([
      { text: 'never synced' },
    ])
    expect(lastSyncedWords(null, nowMs, zone)).toBe('never synced')
  })

  it('says why it is offline, that nothing is lost and when it tries again', () => {
    const connection = { state: 'offline', since, reason: 'The server does not answer.', retry_at: since } as const
    expect(connectionSentence(connection, nowMs, zone)).toBe(
      'The server does not answer. You can go on working: your changes are kept here and sent later. Next try at 13:40.',
    )
  })

  it.each([
    [8_000, '8 seconds behind'],
    [-185_000, '3 minutes ahead of'],
    [7_200_000, '2 hours behind'],
    [-345_600_000, '4 days ahead of'],
  ])('a clock that is off by %s ms is told as "%s"', (offsetMs, expected) => {
    expect(clockWords(offsetMs)).toContain(`is ${expected} the server’s.`)
  })

  it.each([null, 0, 1_900, -2_000])('a clock that is off by %s ms is not worth a word', (offsetMs) => {
    expect(clockWords(offsetMs)).toBeNull()
  })
})
