import { Temporal } from 'temporal-polyfill'
import type { RuleOf } from '../alert-rule.ts'
import { toEpochMs } from '../time.ts'
import type { WorkingHours } from '../working-hours.ts'
import { staleAfterMs, type TimedKind } from './kind.ts'
import { tell } from './tell.ts'

type Rule = RuleOf<'no_answer'>

/** The sending in short: milliseconds in base 36 are 8 characters until the year 2059. */
const occasionOf = (sentAt: string): string => `s${toEpochMs(sentAt).toString(36)}`

/** The same time of day where the person works, so many days later: never so many times 24 hours. */
function waitedMs(rule: Rule, sentMs: number, hours: WorkingHours): number | null {
  const { time_zone } = hours.calendar
  const sent = Temporal.Instant.fromEpochMilliseconds(sentMs).toZonedDateTimeISO(time_zone)
  if (rule.count === 'calendar') return sent.add({ days: rule.days }).epochMilliseconds
  const day = hours.addWorkingDays(sent.toPlainDate().toString(), rule.days)
  if (day === null) return null
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: time_zone, plainTime: sent.toPlainTime() })
    .epochMilliseconds
}

export const noAnswer: TimedKind<Rule> = {
  trigger: 'time',
  family: 'no_answer',
  memoKey: ({ status, sent_at }) => (status === 'sent' ? sent_at : null),
  due: (rule, { status, sent_at }, hours) => {
    if (status !== 'sent' || sent_at === null) return null
    const ms = waitedMs(rule, toEpochMs(sent_at), hours)
    if (ms === null) return null
    return { occasion: occasionOf(sent_at), due_ms: ms, rank: ms, stale_ms: ms + staleAfterMs, early: false }
  },
  stale: (_rule, quote, occasion) => {
    if (quote.status !== 'sent') return `the quote is ${quote.status}`
    return quote.sent_at !== null && occasionOf(quote.sent_at) === occasion ? null : 'it was sent again since'
  },
  text: (rule, quote, facts) => {
    const unit = rule.count === 'working' ? 'working day' : 'day'
    return tell(quote, facts, `has had no answer for ${rule.days} ${unit}${rule.days === 1 ? '' : 's'}`)
  },
}
