import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../domain/expiry.ts'
import { type DateFormat, dateFormats, parseDate } from './dates.ts'

const write: Record<DateFormat, (year: string, month: string, day: string) => string> = {
  'YYYY-MM-DD': (year, month, day) => `${year}-${month}-${day}`,
  'M/D/YYYY': (year, month, day) => `${Number(month)}/${Number(day)}/${year}`,
  'D/M/YYYY': (year, month, day) => `${Number(day)}/${Number(month)}/${year}`,
  'D.M.YYYY': (year, month, day) => `${day}.${month}.${year}`,
}

test('every day is read as written, in each format', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(...dateFormats), (days, format) => {
      const date = addDays('1990-01-01', days)
      const [year = '', month = '', day = ''] = date.split('-')
      expect(parseDate(write[format](year, month, day), format)).toEqual({ ok: true, date })
    }),
  )
})

test.each<[string, DateFormat]>([
  ['2/30/2017', 'M/D/YYYY'],
  ['13/1/2017', 'M/D/YYYY'],
  ['1/13/2017', 'D/M/YYYY'],
  ['1/2/17', 'M/D/YYYY'],
  ['2017-1-2', 'YYYY-MM-DD'],
  ['2017-01-02T00:00', 'YYYY-MM-DD'],
  ['1.2.2017 ', 'D.M.YYYY'],
  ['', 'M/D/YYYY'],
])('%j is not a date of the form %s', (text, format) => {
  expect(parseDate(text, format)).toMatchObject({ ok: false, problem: expect.stringContaining(format) })
})
