import { type AlertPolicy, afterWorkingTimeMs } from '../../domain/alert-policy.ts'
import { severities } from '../../domain/alert-rule.ts'
import { effectiveCalendar } from '../../domain/alert-settings.ts'
import { isDealtWith, newSharedAlert, type SharedAlert } from '../../domain/alert-share.ts'
import { alertKey } from '../../domain/alert-state.ts'
import { resolveCalendar } from '../../domain/calendar-settings.ts'
import type { Person } from '../../domain/directory.ts'
import { localDate } from '../../domain/expiry.ts'
import { rolePermissions } from '../../domain/permissions.ts'
import type { HolidaySource } from '../../domain/public-holidays.ts'
import { openStatuses, type Quote, type Status } from '../../domain/quote.ts'
import { toEpochMs, toInstantText } from '../../domain/time.ts'
import { createWorkingHours, type WorkingHours } from '../../domain/working-hours.ts'
import type { Deps } from '../deps.ts'
import { findPerson, listPeople } from '../people/queries.ts'
import { findQuote } from '../quotes/queries.ts'
import type { Tx } from '../store/tx.ts'
import { findAlert, presentPolicy, presentSettings, toSharedAlert } from './queries.ts'
import { saveAlert } from './save-alert.ts'

const hourMs = 3_600_000

type Waiting = { person: Person; alert: SharedAlert }

/**
 * Passes alerts that nobody acknowledged on to the managers of the quote's team, once the policy's working hours of their
 * person have passed, with what became of them so far. Alerts whose quote is closed or somebody else's by now are not.
 * @returns how many were passed on
 */
export async function escalateWaiting(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  holidays: HolidaySource,
): Promise<number> {
  const policy = await presentPolicy(store.read)
  const { escalation } = policy
  if (escalation === null) return 0
  const nowMs = clock.nowMs()
  const rows = await store.read
    .selectFrom('alerts')
    .select(['person_id', 'alert', 'waits_since'])
    .where('waits_since', 'is not', null)
    .where('waits_since', '<=', toInstantText(nowMs - escalation.after_working_hours * hourMs))
    .execute()
  const hoursOf = rememberHours(store, policy, holidays, nowMs)
  const due: Waiting[] = []
  for (const row of rows) {
    const alert = toSharedAlert(row.alert)
    if (row.waits_since === null || !isGrave(alert, escalation.least_severity) || alert.escalated_from) continue
    const known = await hoursOf(row.person_id)
    if (!known) continue
    const afterMs = afterWorkingTimeMs(known.hours, toEpochMs(row.waits_since), escalation.after_working_hours * hourMs)
    if (afterMs !== null && afterMs <= nowMs) due.push({ person: known.person, alert })
  }
  let passedOn = 0
  for (const waiting of due) passedOn += (await store.transact((tx) => passOn(tx, waiting))) ? 1 : 0
  return passedOn
}

const isGrave = (alert: SharedAlert, least: SharedAlert['severity']) =>
  severities.indexOf(alert.severity) >= severities.indexOf(least)

/** People are few and their alerts many: the calendar of each is worked out once. */
function rememberHours(store: Deps['store'], policy: AlertPolicy, holidays: HolidaySource, nowMs: number) {
  const known = new Map<string, { person: Person; hours: WorkingHours } | null>()
  return async (personId: string) => {
    const remembered = known.get(personId)
    if (remembered !== undefined) return remembered
    const person = await findPerson(store.read, personId)
    const made = person?.active ? { person, hours: await hoursFor(store, policy, person, holidays, nowMs) } : null
    known.set(personId, made)
    return made
  }
}

async function hoursFor(
  store: Deps['store'],
  policy: AlertPolicy,
  person: Person,
  holidays: HolidaySource,
  nowMs: number,
): Promise<WorkingHours> {
  const settings = { workspace: policy, person: await presentSettings(store.read, person.id) }
  const calendar = effectiveCalendar(
    settings,
    person.memberships.map(({ team_id }) => team_id),
  )
  const year = Number(localDate(nowMs, 'UTC').slice(0, 4))
  const days = calendar.holidays === null ? [] : await holidays(calendar.holidays, [year - 1, year, year + 1])
  // Where their machine is, is not known here: the zone of the settings, else of the directory.
  const place = { person_zone: person.time_zone, machine_zone: calendar.time_zone ?? person.time_zone, holidays: days }
  return createWorkingHours(resolveCalendar(calendar, place))
}

/** @returns false when it was dealt with meanwhile, its quote is no longer theirs or open, or nobody is there to tell */
async function passOn(tx: Tx, { person, alert: { key } }: Waiting): Promise<boolean> {
  const alert = await findAlert(tx.db, person.id, key)
  const quote = alert?.quote ? await findQuote(tx.db, alert.quote) : null
  if (!alert || alert.escalated_at !== null || isDealtWith(alert)) return false
  const open: readonly Status[] = openStatuses
  const isTheirs = quote !== null && quote.owner_id === person.id && open.includes(quote.status)
  const managers = isTheirs
    ? (await listPeople(tx.db)).filter((other) => other.id !== person.id && managesTeamOf(other, quote))
    : []
  if (managers.length === 0) {
    await stopWaiting(tx, person.id, key)
    return false
  }
  await saveAlert(tx, person.id, { ...alert, escalated_at: tx.at })
  for (const manager of managers) await saveAlert(tx, manager.id, escalationOf(alert, person, tx.at))
  return true
}

/** Nobody to tell, or nothing to tell of: not looked at again, and nothing that a device has to know. */
async function stopWaiting(tx: Tx, personId: string, key: string): Promise<void> {
  await tx.db
    .updateTable('alerts')
    .set({ waits_since: null })
    .where('person_id', '=', personId)
    .where('key', '=', key)
    .execute()
}

function managesTeamOf(person: Person, quote: Quote): boolean {
  const role = person.memberships.find(({ team_id }) => team_id === quote.team_id)?.role
  return person.active && role !== undefined && rolePermissions(role).has('alerts:manage')
}

function escalationOf(alert: SharedAlert, person: Person, at: string): SharedAlert {
  const rule = 'escalated'
  const trail = [
    { at: alert.due_at, what: `Due: ${alert.title}`.slice(0, 300) },
    ...(alert.shown_at === null ? [] : [{ at: alert.shown_at, what: `Shown to ${person.name}`.slice(0, 300) }]),
    ...(alert.read_at === null ? [] : [{ at: alert.read_at, what: `Seen by ${person.name}`.slice(0, 300) }]),
    { at, what: 'Not acknowledged in time: passed on' },
  ]
  return {
    ...newSharedAlert({
      key: alertKey(alert.quote, rule, alert.occasion),
      quote: alert.quote,
      rule,
      kind: 'escalation',
      occasion: alert.occasion,
      severity: alert.severity,
      due_at: at,
      title: `${person.name} has not answered: ${alert.title}`.slice(0, 200),
      body: alert.body,
    }),
    escalated_from: { person_id: person.id, trail },
  }
}
