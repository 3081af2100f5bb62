import { Button } from '@radix-ui/themes'
import { Plus } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form'
import { toast } from 'sonner'
import { blankLine, isBlank, linesTotal, type QuoteFormValues } from '../form/values.ts'
import { fullMoney } from '../words/money.ts'
import { useFormSetting, useLocked } from './form-context.tsx'
import { ErrorWords, MarkWords } from './form-field.tsx'
import { FormLine, focusLine, lineColumn } from './form-line.tsx'

const maxLines = 500

/** What is offered, line by line; works like a small spreadsheet by keyboard. */
export function FormLines() {
  const { control, getValues, formState } = useFormContext<QuoteFormValues>()
  const { fields, append, remove, move, insert } = useFieldArray({ control, name: 'lines' })
  const locked = useLocked('lines')
  const mark = useFormSetting().marks.get('lines')
  const problem = formState.errors.lines?.root?.message

  const add = (column = 'product') => {
    if (fields.length >= maxLines) return
    append(blankLine, { shouldFocus: false })
    focusLine(fields.length, column)
  }
  const takeOut = (index: number) => {
    const line = getValues(`lines.${index}`)
    remove(index)
    focusLine(Math.min(index, fields.length - 2), 'product')
    if (isBlank(line)) return
    const words = line.product === '' ? `Line ${index + 1} removed` : `${line.product} removed`
    toast(words, {
      action: { label: 'Put back', onClick: () => insert(Math.min(index, getValues('lines').length), line) },
    })
  }
  const shift = (index: number, by: -1 | 1, column: string) => {
    const to = index + by
    if (to < 0 || to >= fields.length) return
    move(index, to)
    focusLine(to, column)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = lineColumn(event.target)
    if (at === null || locked) return
    const { index, column } = at
    const { key, altKey, ctrlKey, metaKey } = event
    if (altKey && (key === 'ArrowUp' || key === 'ArrowDown')) shift(index, key === 'ArrowUp' ? -1 : 1, column)
    else if (altKey && key === 'Delete') takeOut(index)
    else if (altKey || ctrlKey || metaKey) return
    else if (key === 'ArrowUp' || key === 'ArrowDown') focusLine(index + (key === 'ArrowUp' ? -1 : 1), column)
    else if (key === 'Enter' && index + 1 < fields.length) focusLine(index + 1, column)
    else if (key === 'Enter') add()
    else return
    event.preventDefault()
  }

  return (
    <section className="form-lines" aria-label="Lines" data-mark={mark?.kind}>
      <div className="lines-head" aria-hidden="true">
        <span>Product</span>
        <span>Quantity</span>
        <span>Unit price</span>
        <span>Total</span>
      </div>
      {mark !== undefined && <MarkWords field="lines" label="Lines" mark={mark} />}
      {fields.length === 0 && <p className="quiet no-lines">No lines yet.</p>}
      <ol>
        {fields.map((field, index) => (
          <FormLine
            key={field.id}
            index={index}
            count={fields.length}
            locked={locked}
            onKeyDown={onKeyDown}
            onMove={(by, column) => shift(index, by, column)}
            onRemove={() => takeOut(index)}
          />
        ))}
      </ol>
      {problem !== undefined && <ErrorWords>{problem}</ErrorWords>}
      <div className="lines-foot">
        {!locked && (
          <Button type="button" size="1" variant="soft" color="gray" onClick={() => add()}>
            <Plus size={13} aria-hidden="true" /> Add line
          </Button>
        )}
        <Sum />
      </div>
    </section>
  )
}

function Sum() {
  const { control } = useFormContext<QuoteFormValues>()
  const [lines, currency] = useWatch({ control, name: ['lines', 'currency'] })
  const sum = linesTotal(lines, currency)
  return (
    <output className="lines-sum" aria-label="Sum of lines">
      <span className="quiet">Sum of lines</span>
      <span className="number">{sum === null ? 'not readable yet' : fullMoney({ currency, value_minor: sum })}</span>
    </output>
  )
}
