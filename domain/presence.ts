import { z } from 'zod'
import type { AlertRule } from './alert-rule.ts'
import type { PersonAlertSettings } from './alert-settings.ts'

const told = z.enum(['on', 'off', 'unknown'])

/** Whether and how a person can be reached at this machine, as far as its host can tell. */
export const presenceSchema = z.strictObject({
  /** A window of QuoteDesk has the focus. */
  focused: z.boolean(),
  do_not_disturb: told,
  /** Another program fills the screen, a presentation for one. */
  full_screen: told,
})
export type Presence = z.infer<typeof presenceSchema>

export const unknownPresence: Presence = { focused: false, do_not_disturb: 'unknown', full_screen: 'unknown' }

export type Reach =
  | { decision: 'show'; place: 'native' | 'in_app' | 'list' }
  /** Until the host says that it is over. */
  | { decision: 'wait'; reason: string }

/** Where an alert that may be told now is told; `list` is the centre alone, which disturbs nobody. */
export function reach(rule: AlertRule, presence: Presence, person: PersonAlertSettings): Reach {
  if (rule.channel === 'in_app') return { decision: 'show', place: 'list' }
  if (presence.focused) return { decision: 'show', place: 'in_app' }
  const grave = rule.severity === 'critical' || rule.severity === 'emergency'
  const breaks = rule.break_through && grave && person.break_through.do_not_disturb
  if (!breaks && presence.do_not_disturb === 'on') {
    return { decision: 'wait', reason: 'do-not-disturb is on: held until it is off' }
  }
  if (!breaks && presence.full_screen === 'on') {
    return { decision: 'wait', reason: 'another program fills the screen: held until it does not' }
  }
  return { decision: 'show', place: 'native' }
}

/** Whether the rule may be told outside hours: only if rule and person both say so. */
export const breaksHours = (rule: AlertRule, person: PersonAlertSettings): boolean =>
  rule.break_through && person.break_through.hours
