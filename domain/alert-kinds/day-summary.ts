import type { AlertText } from './kind.ts'

/** What the day holds for one person. */
export interface DayFigures {
  expires_today: number
  expires_in_week: number
  expired: number
}

/** Null when there is nothing to tell. */
export function daySummaryText({ expires_today, expires_in_week, expired }: DayFigures): AlertText | null {
  const parts = [
    [expires_today, 'expires today', 'expire today'],
    [expires_in_week, 'expires within 7 days', 'expire within 7 days'],
    [expired, 'has expired', 'have expired'],
  ] as const
  const told = parts.flatMap(([count, one, many]) => (count > 0 ? [`${count} ${count === 1 ? one : many}`] : []))
  return told.length === 0 ? null : { title: 'Your quotes today', body: told.join(' · ') }
}
