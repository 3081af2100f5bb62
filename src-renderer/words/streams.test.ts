import { describe, expect, it } from 'vitest'
import type { VerifyResult } from '../../domain/rpc/sync.ts'
import { liveStatus } from '../../tests/support/renderer/fake-engine.ts'
import { makeChange, makeStream } from '../../tests/support/renderer/rows.ts'
import { shortEpoch, verdictWords, verifyWords } from './streams.ts'
import { reportText } from './sync-report.ts'

const at = '2026-11-20T10:00:00.000Z'
const same = { kind: 'same', seq: 9, rows: 2089, hash: '3f9a'.padEnd(64, '0'), at } as const
const different = { ...same, kind: 'different', server_rows: 2090, server_hash: 'beef'.padEnd(64, '0') } as const

describe('a verification', () => {
  it.each<[VerifyResult, RegExp]>([
    [same, /^Same as the server: 2,089 rows, hash 3f9a…$/],
    [different, /^Different: 2,089 rows here, 2,090 on the server$/],
    [{ ...different, server_rows: 2089 }, /hash 3f9a… here, beef… on the server/],
    [{ kind: 'damaged', problems: ['page 7 is torn'], at }, /^The file is damaged: page 7 is torn$/],
  ])('%o is told in words', (result, words) => {
    expect(verifyWords(result)).toMatch(words)
  })

  it('of many streams is summed up, and what differs is named', () => {
    expect(verdictWords([makeStream(1)])).toBeNull()
    expect(verdictWords([makeStream(1, { verified: same }), makeStream(2, { verified: same })])).toEqual({
      text: 'All 2 streams are the same as the server’s.',
      look: false,
    })
    expect(verdictWords([makeStream(1, { verified: same }), makeStream(2)])?.text).toBe(
      '1 of 2 streams are the same as the server’s.',
    )
    expect(verdictWords([makeStream(1, { verified: same }), makeStream(2, { verified: different })])).toEqual({
      text: 'Not the same as the server: Team 2.',
      look: true,
    })
  })
})

describe('the report for support', () => {
  const report = reportText({
    at,
    server_url: 'http://127.0.0.1:3002',
    status: { ...liveStatus, server_offset_ms: 4_000 },
    outbox: [
      makeChange(7, { state: { kind: 'waiting', sent: true } }),
      makeChange(8, {
        state: {
          kind: 'refused',
          code: 'failed',
          message: 'No.',
          conflicts: [],
          can_retry: true,
          current_version: null,
        },
      }),
    ],
    streams: [makeStream(1, { verified: different, last_error: { at, message: 'gone' } })],
  })

  it('holds clock, outbox and every fact of each stream, with whole epochs and hashes', () => {
    expect(report).toContain('server clock minus this one: 4000 ms')
    expect(report).toContain('value: sent')
    expect(report).toContain('refused failed: No.')
    expect(report).toContain(`epoch ${makeStream(1).epoch} seq 120 head 120 gap 0 buffered 0`)
    expect(report).toContain(`${different.hash}, server 2090 rows ${different.server_hash}`)
    expect(report).toContain(`last error ${at} gone`)
  })

  it('names no customer', () => {
    expect(report).not.toContain('Acme')
  })
})

it('an epoch is cut for the eye', () => {
  expect(shortEpoch('1b4e28ba-2fa1-4d3b-883f-0016d3cca427')).toBe('1b4e28ba')
  expect(shortEpoch(null)).toBe('—')
})
