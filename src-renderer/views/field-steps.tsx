import type { ChangedFields } from '../../domain/quote.ts'
import { LineDiff } from '../parts/line-diff.tsx'
import { fieldTitle, linesOf, type ValueContext, valueWords } from '../words/field-values.ts'
import type { Currencies } from '../words/history.ts'

interface Props {
  before: ChangedFields
  after: ChangedFields
  context: ValueContext
  currencies: Currencies
}

/** `Value  €45,000.00 → €48,000.00`, a row a field; of lines, what became of them. */
export function FieldSteps({ before, after, context, currencies }: Props) {
  const fields = Object.keys(after) as Array<keyof ChangedFields>
  const words = (field: keyof ChangedFields, side: 'before' | 'after') =>
    valueWords(field, (side === 'before' ? before : after)[field], { ...context, currency: currencies[side] })
  return (
    <dl className="field-steps">
      {fields.map((field) => (
        <div key={field}>
          <dt>{fieldTitle(field)}</dt>
          <dd>
            <del>{words(field, 'before')}</del> <span className="sr-only">became</span>
            <span aria-hidden="true">→</span> <ins>{words(field, 'after')}</ins>
            {field === 'lines' && (
              <LineDiff
                before={linesOf(before.lines) ?? []}
                after={linesOf(after.lines) ?? []}
                currencyBefore={currencies.before}
                currency={currencies.after}
                caption="What became of the lines"
              />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
