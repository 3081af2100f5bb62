import { ArrowDown, ArrowUp, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import { isBlank, type LineValues, lineTotal, type QuoteFormValues } from '../form/values.ts'
import { fullMoney } from '../words/money.ts'
import { ErrorWords } from './form-field.tsx'

interface Props {
  index: number
  count: number
  locked: boolean
  onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void
  onMove: (by: -1 | 1, column: string) => void
  onRemove: () => void
}

const names: Record<keyof LineValues, string> = {
  product: 'Product',
  description: 'Description',
  quantity: 'Quantity',
  unit_price: 'Unit price',
}

/** One line: product, quantity and price side by side, the description under them. */
export function FormLine({ index, count, locked, onKeyDown, onMove, onRemove }: Props) {
  const { register, formState, trigger } = useFormContext<QuoteFormValues>()
  const errors = formState.errors.lines?.[index]
  const place = `line ${index + 1}`
  const control = (name: keyof LineValues, length: number) => ({
    ...register(`lines.${index}.${name}`, {
      // A line is right or wrong as a whole: one that is blank again needs no product either.
      onChange: () => {
        if (errors !== undefined) void trigger(`lines.${index}`)
      },
    }),
    'aria-label': `${names[name]}, ${place}`,
    'aria-invalid': errors?.[name] === undefined ? undefined : true,
    'aria-describedby': errors?.[name] === undefined ? undefined : `line-${index}-words`,
    'data-column': name,
    'data-line': index,
    disabled: locked,
    onKeyDown,
    maxLength: length,
    autoComplete: 'off',
    className: 'input',
  })
  const problems = (['product', 'description', 'quantity', 'unit_price'] as const)
    .map((name) => ({ name, message: errors?.[name]?.message }))
    .filter(({ message }) => message !== undefined)
  return (
    <li className="form-line" aria-label={`Line ${index + 1} of ${count}`}>
      <input {...control('product', 200)} placeholder="Product" />
      <input {...control('description', 2000)} placeholder={locked ? '' : 'Description (optional)'} data-quiet />
      <input {...control('quantity', 12)} inputMode="numeric" data-end />
      <input {...control('unit_price', 20)} inputMode="decimal" placeholder="0" data-end />
      <LineSum index={index} />
      <div className="line-buttons">
        {!locked && (
          <>
            <button
              type="button"
              className="icon-button"
              aria-label={`Move ${place} up`}
              title="Move up (Alt ↑)"
              disabled={index === 0}
              onClick={() => onMove(-1, 'product')}
            >
              <ArrowUp size={13} aria-hidden="true" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={`Move ${place} down`}
              title="Move down (Alt ↓)"
              disabled={index === count - 1}
              onClick={() => onMove(1, 'product')}
            >
              <ArrowDown size={13} aria-hidden="true" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={`Remove ${place}`}
              title="Remove (Alt Delete)"
              onClick={onRemove}
            >
              <X size={13} aria-hidden="true" />
            </button>
          </>
        )}
      </div>
      {problems.length > 0 && (
        <div id={`line-${index}-words`} className="line-problems">
          {problems.map(({ name, message }) => (
            <ErrorWords key={name}>
              {names[name]}: {message}
            </ErrorWords>
          ))}
        </div>
      )}
    </li>
  )
}

function LineSum({ index }: { index: number }) {
  const { control } = useFormContext<QuoteFormValues>()
  const [line, currency] = useWatch({ control, name: [`lines.${index}`, 'currency'] })
  // For a moment after a line was taken out its place is watched still.
  const total = line === undefined || isBlank(line) ? null : lineTotal(line, currency)
  return (
    <output className="line-total number" aria-label={`Total, line ${index + 1}`}>
      {total === null ? '' : fullMoney({ currency, value_minor: total })}
    </output>
  )
}

/** Where in the lines an element stands. */
export function lineColumn(target: EventTarget): { index: number; column: string } | null {
  if (!(target instanceof HTMLInputElement)) return null
  const { line, column } = target.dataset
  return line === undefined || column === undefined ? null : { index: Number(line), column }
}

/** Goes to a field of a line, as soon as that is drawn. */
export function focusLine(index: number, column: string): void {
  requestAnimationFrame(() => {
    const field = document.querySelector(`[data-line="${index}"][data-column="${column}"]`)
    if (!(field instanceof HTMLInputElement)) return
    field.focus()
    field.select()
  })
}
