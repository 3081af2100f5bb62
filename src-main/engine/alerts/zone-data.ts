import { toEpochMs } from '../../../domain/time.ts'

/** What rules of time zones this runtime knows, for diagnostics: days when clocks change are decided by them. */
export interface ZoneData {
  /** As published, e.g. `2026c`. */
  version: string
  /** Whole days since about its release. */
  age_days: number
  /** For the person, null while all is well. */
  warning: string | null
}

/** The day that releases of a letter have come about, as MM-DD: the version names the year alone. */
const usualRelease: Record<string, string> = { a: '02-01', b: '05-01', c: '08-01' }
const lateRelease = '10-01'
const dayMs = 86_400_000
const oldAfterDays = 365

/** @param version of the tz database, as `process.versions.tz` says it */
export function zoneData(version: string | undefined, nowMs: number): ZoneData {
  const match = /^(\d{4})([a-z])/.exec(version ?? '')
  if (!version || !match) {
    const warning = 'This runtime does not say which time zone data it has: working hours may be wrong by an hour.'
    return { version: version ?? 'unknown', age_days: 0, warning }
  }
  const released = `${match[1]}-${usualRelease[match[2] ?? ''] ?? lateRelease}T00:00:00.000Z`
  const age_days = Math.max(0, Math.floor((nowMs - toEpochMs(released)) / dayMs))
  const warning =
    age_days > oldAfterDays
      ? `The time zone data (${version}) is more than a year old: working hours may be wrong by an hour where the law ` +
        'has changed since. Update QuoteDesk.'
      : null
  return { version, age_days, warning }
}
