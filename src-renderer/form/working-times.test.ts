import { describe, expect, it } from 'vitest'
import { officeWeek } from '../../domain/working-calendar.ts'
import {
  copiedToWorkdays,
  nextRange,
  rangesProblem,
  rangeWords,
  readDays,
  readTime,
  stretches,
} from './working-times.ts'

describe('times as people type them', () => {
  it.each([
    ['9', '09:00'],
    ['9:30', '09:30'],
    ['17.45', '17:45'],
    ['0930', '09:30'],
    [' 24 ', '24:00'],
    ['24:30', null],
    ['25', null],
    ['9:60', null],
    ['nine', null],
    ['', null],
  ])('%j is %j', (typed, time) => {
    expect(readTime(typed)).toBe(time)
  })
})

describe('ranges of working time', () => {
  it('say when they end on the next day; 24:00 ends the same one', () => {
    expect(rangeWords({ from: '22:00', to: '06:00' })).toBe('22:00–06:00 (next day)')
    expect(rangeWords({ from: '16:00', to: '24:00' })).toBe('16:00–24:00')
  })

  it('must not overlap, over midnight neither', () => {
    expect(
      rangesProblem([
        { from: '09:00', to: '12:00' },
        { from: '12:00', to: '17:00' },
      ]),
    ).toBe(null)
    expect(
      rangesProblem([
        { from: '13:00', to: '17:00' },
        { from: '09:00', to: '13:30' },
      ]),
    ).toContain('overlap')
    expect(
      rangesProblem([
        { from: '20:00', to: '04:00' },
        { from: '22:00', to: '23:00' },
      ]),
    ).toContain('overlap')
    expect(rangesProblem([{ from: '24:00', to: '06:00' }])).toContain('24:00')
  })

  it('are offered after those that are there', () => {
    expect(nextRange([])).toEqual({ from: '09:00', to: '17:00' })
    expect(nextRange([{ from: '09:00', to: '12:00' }])).toEqual({ from: '13:00', to: '17:00' })
    expect(nextRange([{ from: '09:00', to: '23:00' }])).toEqual({ from: '22:00', to: '24:00' })
  })

  it('are copied to the days that have any, and open no other', () => {
    const hours = { ...officeWeek, monday: [{ from: '08:00', to: '12:00' }] }
    const copied = copiedToWorkdays(hours, 'monday')
    expect(copied.friday).toEqual([{ from: '08:00', to: '12:00' }])
    expect(copied.sunday).toEqual([])
  })
})

describe('days off', () => {
  it('are single ones or stretches; what is no date is refused', () => {
    expect(readDays('2026-12-24')).toEqual(['2026-12-24'])
    expect(readDays('2026-12-30..2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02'])
    expect(readDays('2026-12-24..2026-12-23')).toBe(null)
    expect(readDays('2026-02-30')).toBe(null)
    expect(readDays('')).toBe(null)
  })

  it('are told as stretches, whatever their order', () => {
    expect(stretches(['2027-01-01', '2026-12-24', '2026-12-31', '2026-12-31'])).toEqual([
      { first: '2026-12-24', last: '2026-12-24' },
      { first: '2026-12-31', last: '2027-01-01' },
    ])
  })
})
