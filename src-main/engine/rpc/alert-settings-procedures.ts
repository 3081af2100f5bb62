import { checkSettings, effectiveCalendar, effectiveRules } from '../../../domain/alert-settings.ts'
import type { CalendarSettings } from '../../../domain/calendar-settings.ts'
import { holidayPlaces, publicHolidays } from '../../../domain/public-holidays.ts'
import type { CalendarTrial } from '../../../domain/rpc/alerts.ts'
import { tryCalendar } from '../alerts/calendar-trial.ts'
import { zoneData } from '../alerts/zone-data.ts'
import { readPolicy, readSettings } from '../cache/saved-settings.ts'
import { RefusedError } from '../outbox/refusal.ts'
import { policyRefusal, queuePolicy, queueSettings, type Saving } from '../outbox/save-own.ts'
import { accountOf, type RpcContext, rpc } from './base.ts'

/** The signed-in person as somebody who saves now. @throws RefusedError when nobody is signed in */
export function savingOf(context: RpcContext): Saving {
  const { cache, person, clock } = accountOf(context)
  return { cache, person: person.get(), nowMs: clock.nowMs() }
}

function trial(context: RpcContext, settings: CalendarSettings): Promise<CalendarTrial> {
  const { person, clock } = accountOf(context)
  return tryCalendar(settings, {
    personZone: person.get().time_zone,
    machineZone: context.engine.machineZone(),
    nowMs: clock.nowMs(),
    holidays: publicHolidays,
  })
}

/** Refuses what would hold every alert for ever. */
async function expectOpens(context: RpcContext, settings: CalendarSettings | null): Promise<void> {
  const outcome = settings && (await trial(context, settings))
  if (outcome && !outcome.ok) throw new RefusedError('never_opens', outcome.message)
}

export const calendarProcedures = {
  get: rpc.calendar.get.handler(({ context }) => {
    const { alerts, settings, person } = accountOf(context)
    const { memberships, time_zone } = person.get()
    const teams = memberships.map(({ team_id }) => team_id)
    return {
      own: settings.get().person.calendar,
      effective: effectiveCalendar(settings.get(), teams),
      preview: alerts.calendarPreview(),
      problem: alerts.calendarProblem(),
      machine_zone: context.engine.machineZone(),
      person_zone: time_zone,
    }
  }),
  preview: rpc.calendar.preview.handler(({ input, context }) => trial(context, input.settings)),
  save: rpc.calendar.save.handler(async ({ input, context }) => {
    await expectOpens(context, input.settings)
    const saving = savingOf(context)
    const { settings } = readSettings(saving.cache.read)
    return { entry: queueSettings(saving, { ...settings, calendar: input.settings }) }
  }),
  holidayPlaces: rpc.calendar.holidayPlaces.handler(async ({ input }) => ({
    places: await holidayPlaces(input.country),
  })),
}

export const settingsProcedures = {
  get: rpc.settings.get.handler(({ context }) => {
    const { cache } = accountOf(context)
    const { settings, standing } = readSettings(cache.read)
    const { rules, calendars } = readPolicy(cache.read).policy
    const both = { workspace: { rules, calendars }, person: settings }
    const check = checkSettings(both)
    return {
      settings,
      standing,
      workspace_rules: rules,
      effective_rules: effectiveRules(both),
      problem: check.ok ? null : check.message,
    }
  }),
  save: rpc.settings.save.handler(async ({ input, context }) => {
    await expectOpens(context, input.settings.calendar)
    return { entry: queueSettings(savingOf(context), input.settings) }
  }),
}

export const policyProcedures = {
  get: rpc.policy.get.handler(({ context }) => {
    const { cache, person } = accountOf(context)
    return { ...readPolicy(cache.read), refusal: policyRefusal(person.get()) }
  }),
  save: rpc.policy.save.handler(async ({ input, context }) => {
    for (const calendar of Object.values(input.policy.calendars)) await expectOpens(context, calendar)
    return { entry: queuePolicy(savingOf(context), input.policy, input.base_version) }
  }),
}

export const diagnosticsProcedures = {
  get: rpc.diagnostics.get.handler(({ context }) => {
    const { engine } = context
    const { alerts, clock } = accountOf(context)
    return {
      time_zone_data: zoneData(process.versions['tz'], clock.nowMs()),
      machine_zone: engine.machineZone(),
      toast_channel: engine.toastChannel.get(),
      presence: engine.presence.get(),
      server_offset_ms: clock.offsetMs(),
      calendar_problem: alerts.calendarProblem(),
    }
  }),
}
