import { useId } from 'react'
import type { ShownConflict } from '../../domain/rpc/quotes.ts'
import { LineDiff } from '../parts/line-diff.tsx'
import { StatusMark } from '../parts/shape.tsx'
import type { Side } from '../state/conflict-choices.ts'
import { fullMoment, sinceWords } from '../words/dates.ts'
import {
  fieldTitle,
  linesOf,
  type sideCurrencies,
  stateOf,
  type ValueContext,
  valueWords,
} from '../words/field-values.ts'

interface Props {
  conflict: ShownConflict
  chosen: Side | null
  /** It was to be applied without it. */
  missing: boolean
  context: ValueContext
  currencies: ReturnType<typeof sideCurrencies>
  showKeys: boolean
  onChoose: (side: Side) => void
}

/** One field in dispute: what it was, mine and theirs beside each other. */
export function ConflictField({ conflict, chosen, missing, context, currencies, showKeys, onChoose }: Props) {
  const { field, by_name, at } = conflict
  const { nowMs, timeZone } = context
  return (
    <fieldset className="conflict-field" data-field={field} data-missing={missing && chosen === null}>
      <legend>{fieldTitle(field)}</legend>
      <div className="conflict-base">
        <span className="quiet">Before</span>
        <Value conflict={conflict} side="base" context={context} currencies={currencies} />
      </div>
      <Choice side="mine" field={field} chosen={chosen} showKeys={showKeys} onChoose={onChoose} who="Yours">
        <Value conflict={conflict} side="mine" context={context} currencies={currencies} />
      </Choice>
      <Choice
        side="theirs"
        field={field}
        chosen={chosen}
        showKeys={showKeys}
        onChoose={onChoose}
        who={
          <>
            {by_name ?? 'Somebody'},{' '}
            <time dateTime={at} title={fullMoment(at, timeZone)}>
              {sinceWords(at, nowMs, timeZone)}
            </time>
          </>
        }
      >
        <Value conflict={conflict} side="theirs" context={context} currencies={currencies} />
      </Choice>
    </fieldset>
  )
}

interface ChoiceProps {
  side: Side
  field: string
  chosen: Side | null
  showKeys: boolean
  onChoose: (side: Side) => void
  who: React.ReactNode
  children: React.ReactNode
}

function Choice({ side, field, chosen, showKeys, onChoose, who, children }: ChoiceProps) {
  const id = useId()
  return (
    <label className="conflict-side" data-side={side} data-on={chosen === side} htmlFor={id}>
      <span className="conflict-who">
        <input
          id={id}
          type="radio"
          name={`conflict-${field}`}
          value={side}
          checked={chosen === side}
          onChange={() => onChoose(side)}
        />
        <span>{who}</span>
        {showKeys && <kbd className="key">{side === 'mine' ? '1' : '2'}</kbd>}
      </span>
      <span className="conflict-value">{children}</span>
    </label>
  )
}

interface ValueProps {
  conflict: ShownConflict
  side: Side | 'base'
  context: ValueContext
  currencies: ReturnType<typeof sideCurrencies>
}

/** A side's value as people say it; of lines, what became of them since the base. */
function Value({ conflict, side, context, currencies }: ValueProps) {
  const { field } = conflict
  const value = conflict[side]
  const words = valueWords(field, value, { ...context, currency: currencies[side] })
  if (field === 'status') {
    const state = stateOf(value)
    return state === null ? <span>{words}</span> : <StatusMark {...state} />
  }
  const before = field === 'lines' && side !== 'base' ? linesOf(conflict.base) : null
  const after = before === null ? null : linesOf(value)
  return (
    <>
      <span className="conflict-words">{words}</span>
      {before !== null && after !== null && (
        <LineDiff
          before={before}
          after={after}
          currencyBefore={currencies.base}
          currency={currencies[side]}
          caption={side === 'mine' ? 'What you changed' : 'What they changed'}
        />
      )}
    </>
  )
}
