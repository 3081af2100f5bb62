import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantSchema, plainDateSchema, timeZoneSchema, toEpochMs, toInstantText } from './time.ts'

describe('plain dates', () => {
  test.each(['2027-02-29', '2026-02-30', '2026-3-8', '20260308', '2026-03-08[u-ca=hebrew]'])(
    'case 27: %s is refused',
    (text) => {
      expect(plainDateSchema.safeParse(text).success).toBe(false)
    },
  )

  test.each([
    '2026-03-08T00:00',
    '2026-03-08Z',
    ' 2026-03-08',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '٢٠٢٦-٠٣-٠٨',
    '',
  ])('%j is refused as well', (text) => {
    expect(plainDateSchema.safeParse(text).success).toBe(false)
  })

  const firstMs = toEpochMs('2024-01-01T00:00Z')

  test('every day of four years, leap day included, is accepted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1460 }), (day) => {
        const text = toInstantText(firstMs + day * 86_400_000).slice(0, 10)
        expect(plainDateSchema.parse(text)).toBe(text)
      }),
    )
    expect(plainDateSchema.parse('2028-02-29')).toBe('2028-02-29')
  })
})

describe('instants', () => {
  const instant = fc.integer({ min: 0, max: 4_102_444_800_000 })

  test('survive text and back to the millisecond', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        const text = toInstantText(ms)
        expect(instantSchema.safeParse(text).success).toBe(true)
        expect(toEpochMs(text)).toBe(ms)
      }),
    )
  })

  test('order as text as they do in time', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(toInstantText(a) < toInstantText(b)).toBe(a < b)
      }),
    )
  })

  test('have one form only', () => {
    const others = ['2026-03-08T10:00:00Z', '2026-03-08T10:00:00.000+00:00', '2026-03-08T10:00:00.0000Z']
    expect(others.filter((text) => instantSchema.safeParse(text).success)).toEqual([])
  })
})

describe('time zones', () => {
  test('are IANA names; offsets, made-up names and nothing are refused', () => {
    const zones = ['Europe/Berlin', 'Asia/Kathmandu', 'UTC', 'America/Argentina/Buenos_Aires']
    const others = ['+02:00', '-05', 'Europe/Atlantis', '', 'local']
    expect([...zones, ...others].filter((zone) => timeZoneSchema.safeParse(zone).success)).toEqual(zones)
  })
})
