import type { RuleOf } from '../alert-rule.ts'
import type { EventKind } from './kind.ts'
import { somebody, tell } from './tell.ts'

export const statusChanged: EventKind<RuleOf<'status_changed'>> = {
  trigger: 'event',
  happened: (_rule, entry) => entry.kind === 'transition' && entry.from_status !== entry.to_status,
  stale: () => null,
  text: (_rule, quote, facts) => {
    const now = quote.outcome === null ? quote.status : `${quote.status} (${quote.outcome})`
    return tell(quote, facts, `is ${now}: ${somebody(facts)} changed its status`)
  },
}
