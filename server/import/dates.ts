import { type PlainDateText, plainDateSchema } from '../../domain/time.ts'

/** How a source writes its dates. There is no guessing: 3/4/2026 is a different day in each of two of them. */
export const dateFormats = ['YYYY-MM-DD', 'M/D/YYYY', 'D/M/YYYY', 'D.M.YYYY'] as const
export type DateFormat = (typeof dateFormats)[number]

const patterns: Record<DateFormat, RegExp> = {
  'YYYY-MM-DD': /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/,
  'M/D/YYYY': /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/,
  'D/M/YYYY': /^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})$/,
  'D.M.YYYY': /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/,
}

export type DateParse = { ok: true; date: PlainDateText } | { ok: false; problem: string }

/** Reads a date strictly in one format; a day that does not exist is refused, not rolled over. */
export function parseDate(text: string, format: DateFormat): DateParse {
  const { year = '', month = '', day = '' } = patterns[format].exec(text)?.groups ?? {}
  const parsed = plainDateSchema.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  if (parsed.success) return { ok: true, date: parsed.data }
  return { ok: false, problem: `"${text}" is not a date of the form ${format}` }
}
