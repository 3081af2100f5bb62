import { validUntilMs } from '../../../domain/expiry.ts'

/** Epoch milliseconds at which a date runs out in a zone, null without a date. */
export type ExpiryMemo = (expiresOn: string | null, timeZone: string) => number | null

const limit = 20_000

/** Zone arithmetic costs 20 µs; quotes share few (date, zone) pairs. */
export function createExpiryMemo(): ExpiryMemo {
  const known = new Map<string, number>()
  return (expiresOn, timeZone) => {
    if (expiresOn === null) return null
    const key = `${expiresOn} ${timeZone}`
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= limit) known.clear()
    const ms = validUntilMs({ expires_on: expiresOn, time_zone: timeZone })
    known.set(key, ms)
    return ms
  }
}
