import { useId, useState } from 'react'
import { timeZoneSchema } from '../../domain/time.ts'
import { zoneCity } from '../words/dates.ts'

const allZones = Intl.supportedValuesOf('timeZone')

interface Props {
  id: string
  value: string | null
  /** What no zone means. */
  none: string
  disabled: boolean
  onChange: (zone: string | null) => void
}

/** A zone, found by any part of its name as one types; empty: none of one's own. */
export function ZoneBox({ id, value, none, disabled, onChange }: Props) {
  const listId = useId()
  const [text, setText] = useState<string | null>(null)
  const [unknown, setUnknown] = useState<string | null>(null)
  const leave = () => {
    if (text === null) return
    const wanted = text.trim().toLowerCase()
    const found = allZones.find((zone) => zone.toLowerCase() === wanted || zoneCity(zone).toLowerCase() === wanted)
    if (wanted === '') onChange(null)
    else if (found !== undefined) onChange(found)
    else if (timeZoneSchema.safeParse(text.trim()).success) onChange(text.trim())
    setUnknown(wanted === '' || found !== undefined ? null : text.trim())
    setText(null)
  }
  return (
    <>
      <input
        id={id}
        className="input"
        list={listId}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        placeholder={none}
        value={text ?? value ?? ''}
        onChange={(event) => {
          const typed = event.target.value
          setText(typed)
          setUnknown(null)
          if (allZones.includes(typed)) onChange(typed)
        }}
        onBlur={leave}
      />
      <datalist id={listId}>
        {allZones.map((zone) => (
          <option key={zone} value={zone}>
            {zoneCity(zone)}
          </option>
        ))}
      </datalist>
      {unknown !== null && (
        <output className="field-error">
          No zone is called “{unknown}”: choose one from the list, such as Europe/Berlin.
        </output>
      )}
    </>
  )
}
