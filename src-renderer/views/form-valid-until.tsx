import { useFormContext, useWatch } from 'react-hook-form'
import { addDays, localDate } from '../../domain/expiry.ts'
import { plainDateSchema, timeZoneSchema } from '../../domain/time.ts'
import { useDirectory, useServerNowMs } from '../app/desk-context.tsx'
import type { QuoteFormValues } from '../form/values.ts'
import { choiceWords, zoneCity } from '../words/dates.ts'
import { useLocked } from './form-context.tsx'
import { FormField } from './form-field.tsx'

const offers = [14, 30, 60] as const
const allZones = Intl.supportedValuesOf('timeZone')

/** The last day of the offer, and whose midnight ends it. */
export function ValidUntilFields() {
  const { register, control, setValue, formState } = useFormContext<QuoteFormValues>()
  const [date, zone] = useWatch({ control, name: ['expires_on', 'time_zone'] })
  const nowMs = useServerNowMs()
  const dateLocked = useLocked('expires_on')
  const zoneLocked = useLocked('time_zone')
  const zoneKnown = timeZoneSchema.safeParse(zone).success
  const words =
    zoneKnown && plainDateSchema.safeParse(date).success
      ? choiceWords({ expires_on: date, time_zone: zone }, nowMs)
      : null
  const choose = (days: number) =>
    setValue('expires_on', addDays(localDate(nowMs, zone), days), { shouldValidate: true, shouldTouch: true })
  return (
    <>
      <FormField
        label="Valid until"
        field="expires_on"
        error={formState.errors.expires_on?.message}
        hint={
          <p className="date-hint">
            {words !== null && <span className={words.past ? 'past-date' : undefined}>{words.text}</span>}
            {words === null && !dateLocked && zoneKnown && (
              <span className="offers">
                {offers.map((days) => (
                  <button key={days} type="button" className="link" onClick={() => choose(days)}>
                    in {days} days
                  </button>
                ))}
              </span>
            )}
          </p>
        }
      >
        {(props) => (
          <input
            {...props}
            {...register('expires_on')}
            className="input"
            data-part="expires_on"
            type="date"
            max="9999-12-31"
            disabled={dateLocked}
          />
        )}
      </FormField>
      <FormField
        label="Time zone"
        field="time_zone"
        error={formState.errors.time_zone?.message}
        hint={zoneKnown && <p className="quiet">Ends at 24:00 in {zoneCity(zone)}</p>}
      >
        {(props) => (
          <select {...props} {...register('time_zone')} className="input" disabled={zoneLocked}>
            <ZoneOptions chosen={zone} />
          </select>
        )}
      </FormField>
    </>
  )
}

/** Zones that colleagues work in come first. */
function ZoneOptions({ chosen }: { chosen: string }) {
  const { people } = useDirectory()
  const near = [...new Set([chosen, ...people.map((person) => person.time_zone)])].filter((zone) => zone !== '').sort()
  return (
    <>
      <optgroup label="In use">
        {near.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </optgroup>
      <optgroup label="All">
        {allZones
          .filter((zone) => !near.includes(zone))
          .map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
      </optgroup>
    </>
  )
}
