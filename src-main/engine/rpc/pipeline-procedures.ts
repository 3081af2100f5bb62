import { Temporal } from 'temporal-polyfill'
import { defaultStageProbabilities } from '../../../domain/directory.ts'
import { summarisePipeline } from '../../../domain/pipeline.ts'
import { toInstantText } from '../../../domain/time.ts'
import { countExpired, countExpiring, readSums, readWonSince } from '../cache/figures.ts'
import { accountOf, rpc } from './base.ts'

const expiringDays = 7

export const pipelineProcedures = {
  get: rpc.pipeline.get.handler(({ context }) => {
    const { cache, clock, person, workspace } = accountOf(context)
    const nowMs = clock.nowMs()
    const probabilities = workspace()?.stage_probabilities ?? defaultStageProbabilities
    return {
      ...summarisePipeline(readSums(cache.read), probabilities),
      expiring_7_days: countExpiring(cache.read, nowMs, expiringDays),
      expired: countExpired(cache.read, nowMs),
      won_this_month: readWonSince(cache.read, monthStart(nowMs, person.get().time_zone)),
    }
  }),
}

/** The first instant of the month it is in the person's zone. */
export function monthStart(nowMs: number, timeZone: string): string {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate()
  return toInstantText(today.with({ day: 1 }).toZonedDateTime(timeZone).epochMilliseconds)
}
