import type { ShownConflict } from '../../domain/rpc/quotes.ts'
import type { Side } from '../state/conflict-choices.ts'
import { fieldTitle, type sideCurrencies, type ValueContext, valueWords } from '../words/field-values.ts'

interface Props {
  conflicts: readonly ShownConflict[]
  sideOf: (conflict: ShownConflict) => Side | null
  context: ValueContext
  currencies: ReturnType<typeof sideCurrencies>
}

/** What the quote will say after the choices so far. */
export function ConflictOutcome({ conflicts, sideOf, context, currencies }: Props) {
  return (
    <section className="conflict-outcome" aria-label="Outcome" aria-live="polite">
      <h3>The quote will say</h3>
      <dl>
        {conflicts.map((conflict) => {
          const side = sideOf(conflict)
          return (
            <div key={conflict.field} data-open={side === null}>
              <dt>{fieldTitle(conflict.field)}</dt>
              <dd>
                {side === null ? (
                  'not chosen yet'
                ) : (
                  <>
                    {valueWords(conflict.field, conflict[side], { ...context, currency: currencies[side] })}{' '}
                    <span className="quiet">({side === 'mine' ? 'yours' : 'theirs'})</span>
                  </>
                )}
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
