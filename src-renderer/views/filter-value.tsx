import { Button, TextField } from '@radix-ui/themes'
import { type FormEvent, useId, useState } from 'react'
import { useStore } from 'zustand'
import { parseMajor, toMajorText } from '../../domain/money.ts'
import { useDesk, useDirectory } from '../app/desk-context.tsx'
import { amountHint } from '../words/filters.ts'
import { readRange } from './read-range.ts'

/** A range of amounts, in one currency: amounts of two currencies cannot be compared. */
export function ValueFilter({ onDone }: { onDone: () => void }) {
  const { view } = useDesk()
  const filter = useStore(view.store, (state) => state.filter)
  const { currencies } = useDirectory()
  const [currency, setCurrency] = useState(filter.currencies[0] ?? currencies[0] ?? 'EUR')
  const asText = (minor: number | null) => (minor === null ? '' : toMajorText({ minor, currency }))
  const [min, setMin] = useState(asText(filter.value_min_minor))
  const [max, setMax] = useState(asText(filter.value_max_minor))
  const [problem, setProblem] = useState<string | null>(null)
  const problemId = useId()

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const range = readRange(min, max, (text) => parseMajor(text, currency))
    if ('problem' in range) {
      setProblem(range.problem)
      return
    }
    view.narrow({ currencies: [currency], value_min_minor: range.min, value_max_minor: range.max })
    onDone()
  }

  const field = (name: string, value: string, set: (text: string) => void) => (
    <label className="field">
      {name}
      <TextField.Root
        size="1"
        inputMode="decimal"
        placeholder={amountHint(currency)}
        value={value}
        aria-describedby={problem === null ? undefined : problemId}
        aria-invalid={problem !== null}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  )

  return (
    <form className="choices" onSubmit={submit}>
      <p className="legend">Value</p>
      <label className="field">
        Currency
        <select className="select" value={currency} onChange={(event) => setCurrency(event.target.value)}>
          {currencies.map((code) => (
            <option key={code}>{code}</option>
          ))}
        </select>
      </label>
      {field('From', min, setMin)}
      {field('To', max, setMax)}
      {problem !== null && (
        <p id={problemId} role="alert" className="problem">
          {problem}
        </p>
      )}
      <Button size="1" type="submit">
        Show these
      </Button>
    </form>
  )
}
