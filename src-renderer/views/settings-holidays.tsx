import { useCallback, useId } from 'react'
import type { HolidayPlace } from '../../domain/calendar-settings.ts'
import { useEngineRead } from '../app/use-engine-read.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'

interface Props {
  value: HolidayPlace | null
  onChange: (place: HolidayPlace | null) => void
}

type Ask = (
  client: EngineClient,
  options: { signal: AbortSignal },
) => Promise<{ places: { code: string; name: string }[] }>

const countriesOf: Ask = (client, options) => client.calendar.holidayPlaces({ country: null }, options)

const byName = (places: readonly { code: string; name: string }[]) =>
  places.toSorted((a, b) => a.name.localeCompare(b.name))

/** Public holidays by country and, where it has its own, region. */
export function HolidayFields({ value, onChange }: Props) {
  const countryId = useId()
  const regionId = useId()
  const country = value?.country ?? null
  const countries = useEngineRead(countriesOf)
  const askRegions = useCallback<Ask>(
    async (client, options) =>
      country === null ? { places: [] } : client.calendar.holidayPlaces({ country }, options),
    [country],
  )
  const regions = useEngineRead(askRegions)
  const known = byName(countries.value?.places ?? [])
  const places = byName(regions.value?.places ?? [])
  return (
    <div className="setting-row">
      <label htmlFor={countryId}>Public holidays</label>
      <div className="setting-control">
        <div className="setting-pair">
          <select
            id={countryId}
            className="input"
            value={country ?? ''}
            onChange={(event) =>
              onChange(event.target.value === '' ? null : { country: event.target.value, region: null })
            }
          >
            <option value="">None</option>
            {country !== null && !known.some(({ code }) => code === country) && (
              <option value={country}>{country}</option>
            )}
            {known.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
          {country !== null && places.length > 0 && (
            <select
              id={regionId}
              className="input"
              aria-label="Region"
              value={value?.region ?? ''}
              onChange={(event) => onChange({ country, region: event.target.value === '' ? null : event.target.value })}
            >
              <option value="">The whole country</option>
              {places.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </div>
        {countries.problem !== null && <output className="field-error">{countries.problem}</output>}
      </div>
    </div>
  )
}
