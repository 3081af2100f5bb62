import { Checkbox, Radio, TextField } from '@radix-ui/themes'
import { useState } from 'react'

interface Choice {
  id: string
  name: string
}

interface ChoiceListProps {
  name: string
  choices: readonly Choice[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

/** From this many on, a list has a field to find in it. */
const longList = 9

/** Any number of choices; none means any. */
export function ChoiceList({ name, choices, chosen, onChange }: ChoiceListProps) {
  const [text, setText] = useState('')
  const long = choices.length >= longList
  const shown = choices.filter((choice) => choice.name.toLowerCase().includes(text.trim().toLowerCase()))
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id))
  return (
    <fieldset className="choices">
      <legend>{name}</legend>
      {long && (
        <TextField.Root
          size="1"
          type="search"
          placeholder="Find"
          aria-label={`Find in ${name.toLowerCase()}`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <div className="choice-rows">
        {shown.map(({ id, name: words }) => (
          <label key={id} className="choice">
            <Checkbox size="1" checked={chosen.includes(id)} onCheckedChange={(on) => toggle(id, on === true)} />
            <span className="ellipsis">{words}</span>
          </label>
        ))}
        {shown.length === 0 && <p className="quiet">Nothing matches.</p>}
      </div>
    </fieldset>
  )
}

interface OneOfProps<Value> {
  name: string
  choices: readonly { value: Value; words: string }[]
  chosen: Value | null
  onChange: (value: Value | null) => void
}

/** One choice or any. */
export function OneOf<Value>({ name, choices, chosen, onChange }: OneOfProps<Value>) {
  const rows = [{ value: null, words: 'Any' }, ...choices]
  return (
    <fieldset className="choices">
      <legend>{name}</legend>
      <div className="choice-rows">
        {rows.map(({ value, words }) => (
          <label key={words} className="choice">
            <Radio
              size="1"
              name={name}
              value={words}
              checked={chosen === value}
              onValueChange={() => onChange(value)}
            />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
