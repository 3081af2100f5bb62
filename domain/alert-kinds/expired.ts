import type { RuleOf } from '../alert-rule.ts'
import { validUntilMs } from '../expiry.ts'
import { expiryKey, staleExpiry, textOfExpiry } from './expires-in.ts'
import { staleAfterMs, type TimedKind } from './kind.ts'
import { isOpen } from './tell.ts'

/** The first instant at which the quote is no longer valid; takes the place of the notices before it. */
export const expired: TimedKind<RuleOf<'expired'>> = {
  trigger: 'time',
  family: 'expiry',
  memoKey: (quote) => expiryKey(quote),
  due: (_rule, { status, expires_on, time_zone }) => {
    if (expires_on === null || !isOpen(status)) return null
    const ms = validUntilMs({ expires_on, time_zone })
    return { occasion: expires_on, due_ms: ms, rank: ms, stale_ms: ms + staleAfterMs, early: false }
  },
  stale: (_rule, quote, occasion) => staleExpiry(quote, occasion),
  text: (_rule, quote, facts) => textOfExpiry(quote, facts),
}
