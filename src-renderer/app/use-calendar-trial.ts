import { useEffect, useState } from 'react'
import { type CalendarSettings, calendarSettingsSchema } from '../../domain/calendar-settings.ts'
import type { CalendarTrial } from '../../domain/rpc/alerts.ts'
import { problemWords } from '../words/refusals.ts'
import { useDesk } from './desk-context.tsx'

/** Typing is over after this long without a change. */
const settledAfterMs = 150

/** What the engine says of a calendar as it is being made; null while it has not said yet. Null settings ask nothing. */
export function useCalendarTrial(settings: CalendarSettings | null): CalendarTrial | null {
  const { engine, timers } = useDesk()
  const [trial, setTrial] = useState<CalendarTrial | null>(null)
  const text = JSON.stringify(settings)
  useEffect(() => {
    const wanted = calendarSettingsSchema.safeParse(JSON.parse(text))
    if (!wanted.success) return undefined
    const visit = new AbortController()
    const ask = async () => engine().calendar.preview({ settings: wanted.data }, { signal: visit.signal })
    const cancel = timers.after(settledAfterMs, () => {
      ask()
        .then((answer) => !visit.signal.aborted && setTrial(answer))
        .catch((error: unknown) => {
          if (!visit.signal.aborted) setTrial({ ok: false, message: problemWords(error) })
        })
    })
    return () => {
      cancel()
      visit.abort()
    }
  }, [engine, timers, text])
  return settings === null ? null : trial
}
