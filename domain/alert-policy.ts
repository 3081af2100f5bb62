import { z } from 'zod'
import { severitySchema } from './alert-rule.ts'
import { defaultAlertSettings, workspaceAlertSettingsSchema } from './alert-settings.ts'
import { addDays, type ValidUntil, validUntilMs } from './expiry.ts'
import type { WorkingHours } from './working-hours.ts'

/** What whoever has `alerts:manage` has decided for the workspace: rules, team calendars, and what the server does by itself. */
export const alertPolicySchema = z.strictObject({
  ...workspaceAlertSettingsSchema.shape,
  /** Days after its valid-until date on which an open quote is closed as expired; null: never. */
  auto_close_after_days: z.int().min(1).max(365).nullable(),
  /** An alert that nobody acknowledged within so many working hours goes to the team's managers; null: never. */
  escalation: z
    .strictObject({ after_working_hours: z.int().min(1).max(80), least_severity: severitySchema })
    .nullable(),
})
export type AlertPolicy = z.infer<typeof alertPolicySchema>

/** What holds until somebody says otherwise. */
export const defaultAlertPolicy: AlertPolicy = {
  ...defaultAlertSettings.workspace,
  auto_close_after_days: 14,
  escalation: { after_working_hours: 8, least_severity: 'high' },
}

/** When the policy closes the quote: `days` calendar days after it ran out, at the start of the quote's local day. Epoch ms. */
export function autoCloseMs({ expires_on, time_zone }: ValidUntil, days: number): number {
  return validUntilMs({ expires_on: addDays(expires_on, days), time_zone })
}

/** @returns the instant at which `durationMs` of working time have passed since `fromMs`; null when they never do */
export function afterWorkingTimeMs(hours: WorkingHours, fromMs: number, durationMs: number): number | null {
  let leftMs = durationMs
  let atMs = hours.nextOpeningMs(fromMs)
  while (atMs !== null) {
    const closingMs = hours.closingMs(atMs)
    if (closingMs === null) return null
    if (closingMs - atMs >= leftMs) return atMs + leftMs
    leftMs -= closingMs - atMs
    atMs = hours.nextOpeningMs(closingMs)
  }
  return null
}
