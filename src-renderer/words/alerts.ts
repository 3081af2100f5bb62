import { Temporal } from 'temporal-polyfill'
import type { AlertRule, RuleKind, Severity } from '../../domain/alert-rule.ts'
import type { AlertDecision } from '../../domain/alert-state.ts'
import type { AlertCounts, AlertFilter, ShownAlert } from '../../domain/rpc/alerts.ts'
import type { SnoozeChoice } from '../../domain/snooze.ts'
import { momentWords, zoneCity } from './dates.ts'
import { countWords, fullMoney } from './money.ts'
import { capitalised, type Shape, sentence } from './status.ts'

/** What the badge says: beyond 99 the exact number helps nobody. */
export const badgeWords = (unread: number): string => (unread > 99 ? '99+' : String(unread))

/** All that an alert can be about; an escalation is somebody else's alert passed on. */
export const alertKinds = [
  'expires_in',
  'expired',
  'no_answer',
  'value_changed',
  'status_changed',
  'assigned',
  'big_quote',
  'day_summary',
  'escalation',
] as const satisfies readonly (RuleKind | 'escalation')[]

const kindNames: Readonly<Record<string, string>> = {
  expires_in: 'Runs out soon',
  expired: 'Has expired',
  no_answer: 'No answer',
  value_changed: 'Value changed',
  status_changed: 'Status changed',
  assigned: 'Assigned to me',
  big_quote: 'Big quote',
  day_summary: 'Summary of the day',
  escalation: 'Escalated to me',
} satisfies Record<RuleKind | 'escalation', string>

/** A kind that a newer version of the server knows is named as it is. */
export const kindWords = (kind: string): string => kindNames[kind] ?? kind.replaceAll('_', ' ')

export const stateChoices: Readonly<Record<AlertFilter['state'], string>> = {
  open: 'Open',
  waiting: 'Held and snoozed',
  history: 'Dealt with',
  all: 'All',
}

export const snoozeWords: Readonly<Record<SnoozeChoice, string>> = {
  hour: 'For an hour',
  tomorrow: 'Until tomorrow',
  next_working_day: 'Until the next working day',
}

const shortWeekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** A moment ahead within a week by its weekday, `Mon 09:00`; nearer and farther ones as elsewhere. */
export function aheadWords(instant: string, nowMs: number, timeZone: string): string {
  const time = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate()
  const days = today.until(time.toPlainDate(), { largestUnit: 'day' }).days
  if (days < 2 || days > 6) return momentWords(instant, nowMs, timeZone)
  return `${shortWeekdays[time.dayOfWeek - 1]} ${time.toPlainTime().toString({ smallestUnit: 'minute' })}`
}

export interface StandingWords {
  shape: Shape
  text: string
}

/** How an alert stands, as shape and words: `held until Mon 09:00`, `acknowledged 14:02`. */
export function standingWords(alert: ShownAlert, nowMs: number, timeZone: string): StandingWords {
  const at = (instant: string) => momentWords(instant, nowMs, timeZone)
  const until = () => aheadWords(alert.release_at, nowMs, timeZone)
  if (alert.resolved_at !== null) return { shape: 'check', text: `resolved ${at(alert.resolved_at)}` }
  if (alert.dismissed_at !== null) return { shape: 'cross', text: `dismissed ${at(alert.dismissed_at)}` }
  if (alert.acknowledged_at !== null) return { shape: 'half', text: `acknowledged ${at(alert.acknowledged_at)}` }
  if (alert.state === 'snoozed') return { shape: 'clock', text: `snoozed until ${until()}` }
  if (alert.state === 'held') return { shape: 'clock', text: `held until ${until()}` }
  if (alert.state === 'cancelled') return { shape: 'bar', text: 'cancelled' }
  if (alert.state === 'expired') return { shape: 'bar', text: 'too old to tell' }
  if (alert.escalated_at !== null) return { shape: 'arrow', text: `passed on ${at(alert.escalated_at)}` }
  return { shape: 'ring', text: 'open' }
}

/** Whether a person may still do something about it. */
export const isOpenAlert = (alert: ShownAlert): boolean =>
  alert.acknowledged_at === null &&
  alert.resolved_at === null &&
  alert.dismissed_at === null &&
  alert.state !== 'cancelled' &&
  alert.state !== 'expired'

/** Told and not looked at yet. What was never told cannot be unread. */
export const isUnread = (alert: ShownAlert): boolean => alert.shown_at !== null && alert.read_at === null

/** As it was told; of what waits to be told, which is worded only then, what it is about: `Q-1042 · No answer`. */
export const titleOf = ({ title, quote_label, kind }: ShownAlert): string =>
  title ?? [quote_label, kindWords(kind)].filter((part) => part !== null).join(' · ')

/** What an empty centre says of what comes. */
export function nextReleaseWords(counts: AlertCounts | null, nowMs: number, timeZone: string): string {
  if (counts === null || counts.held === 0 || counts.next_release_at === null) return 'Nothing is held back for later.'
  const held = `${countWords(counts.held, 'alert')} ${counts.held === 1 ? 'is' : 'are'} held for your working hours.`
  return `${held} Next: ${aheadWords(counts.next_release_at, nowMs, timeZone)}.`
}

const dayUnit = (count: 'calendar' | 'working', days: number) =>
  `${count === 'working' ? 'working ' : ''}${days === 1 ? 'day' : 'days'}`

/** When a rule comes true, in words. */
export function ruleWords(rule: AlertRule): string {
  switch (rule.kind) {
    case 'expires_in':
      if (rule.days === 0) return 'A quote runs out today'
      return `A quote runs out in ${rule.days} ${dayUnit(rule.count, rule.days)}`
    case 'expired':
      return 'A quote has expired'
    case 'no_answer':
      return `No answer for ${rule.days} ${dayUnit(rule.count, rule.days)} after it was sent`
    case 'value_changed':
      return rule.percent === 0
        ? 'Somebody else changed the value'
        : `Somebody else changed the value by more than ${rule.percent} %`
    case 'status_changed':
      return 'Somebody else changed the status'
    case 'assigned':
      return 'A quote was assigned to me'
    case 'big_quote':
      return `A quote came to ${fullMoney({ currency: rule.currency, value_minor: rule.amount_minor })} or more`
    default:
      return 'What the day holds, when it opens'
  }
}

/** A rule that a decision or an alert names by id; what was deleted since is called by its kind or id. */
export function ruleNameOf(id: string, rules: readonly AlertRule[], kind?: string): string {
  const rule = rules.find((candidate) => candidate.id === id)
  if (rule !== undefined) return ruleWords(rule)
  if (kind !== undefined) return kindWords(kind)
  if (id.startsWith('escal')) return kindWords('escalation')
  return `Rule “${id}”, which is off or gone now`
}

const decisionLooks: Readonly<Record<AlertDecision['decision'], StandingWords>> = {
  held: { shape: 'clock', text: 'Held' },
  handed_over: { shape: 'arrow', text: 'Given to the desktop to show' },
  failed: { shape: 'cross', text: 'Could not be shown' },
  shown: { shape: 'disc', text: 'Shown' },
  snoozed: { shape: 'clock', text: 'Snoozed' },
  cancelled: { shape: 'bar', text: 'Cancelled' },
  expired: { shape: 'bar', text: 'Too old to tell' },
  marked: { shape: 'check', text: 'Marked' },
}

/** What was done, as shape and words: of a mark, which. */
export const decisionLook = ({ decision, reason }: Pick<AlertDecision, 'decision' | 'reason'>): StandingWords => {
  const look = decisionLooks[decision]
  return decision === 'marked' && reason !== '' ? { ...look, text: capitalised(reason) } : look
}

/** Why, as far as what was done does not say it already; null when it does. */
export function decisionReason(decision: Pick<AlertDecision, 'decision' | 'reason'>): string | null {
  const { reason } = decision
  return reason === '' || reason.toLowerCase() === decisionLook(decision).text.toLowerCase() ? null : sentence(reason)
}

/** By what hours it was decided: `Berlin hours, open then`, `Berlin hours, closed until Mon 09:00`. */
export function calendarWords({ at, time_zone, opening_at }: AlertDecision, nowMs: number): string {
  const hours = `${zoneCity(time_zone)} hours`
  if (opening_at === null) return `${hours}, not opening at all then`
  if (opening_at === at) return `${hours}, open then`
  return `${hours}, closed until ${momentWords(opening_at, nowMs, time_zone)}`
}

export const severityWords: Readonly<Record<Severity, string>> = {
  low: 'low',
  normal: 'normal',
  high: 'high',
  critical: 'critical',
  emergency: 'emergency',
}

export const channelWords: Readonly<Record<AlertRule['channel'], string>> = {
  both: 'Toast and centre',
  toast: 'Toast only',
  in_app: 'Centre only',
}

/** How a rule is told, in short: `high · toast and centre · my quotes`. */
export function ruleSummary(rule: AlertRule): string {
  const about = rule.kind === 'day_summary' ? [] : [rule.scope === 'mine' ? 'my quotes' : 'quotes of my teams']
  const breaks = rule.break_through ? ['may break through'] : []
  return [severityWords[rule.severity], channelWords[rule.channel].toLowerCase(), ...about, ...breaks].join(' · ')
}
