import type { RuleOf } from '../alert-rule.ts'
import type { EventKind } from './kind.ts'
import { somebody, tell } from './tell.ts'

/** Given to me by somebody, or made for me by them; what an import brings is nobody's doing. */
export const assigned: EventKind<RuleOf<'assigned'>> = {
  trigger: 'event',
  happened: (_rule, entry, quote, personId) => {
    if (entry.kind === 'created') return entry.actor_id !== null && quote.owner_id === personId
    return entry.kind === 'reassigned' && entry.after?.owner_id === personId
  },
  stale: (_rule, quote) => (quote.status === 'closed' ? 'the quote is closed' : null),
  text: (_rule, quote, facts) => tell(quote, facts, `is yours now: ${somebody(facts)} assigned it to you`),
}
