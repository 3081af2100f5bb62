import { useFormContext } from 'react-hook-form'
import { useDirectory } from '../app/desk-context.tsx'
import type { QuoteFormValues } from '../form/values.ts'
import { useLocked } from './form-context.tsx'
import { FormField } from './form-field.tsx'

const allCurrencies = Intl.supportedValuesOf('currency')

export function TitleField() {
  const { register, formState } = useFormContext<QuoteFormValues>()
  const locked = useLocked('title')
  return (
    <FormField label="Title" field="title" wide error={formState.errors.title?.message}>
      {(props) => (
        <input
          {...props}
          {...register('title')}
          className="input"
          data-part="title"
          placeholder="What is offered, in a few words"
          maxLength={200}
          autoComplete="off"
          disabled={locked}
        />
      )}
    </FormField>
  )
}

/** Currencies that are in use come first. */
export function CurrencyField() {
  const { register, getValues, formState } = useFormContext<QuoteFormValues>()
  const { currencies } = useDirectory()
  const locked = useLocked('currency')
  const near = [...new Set([...currencies, getValues('currency')])].sort()
  return (
    <FormField label="Currency" field="currency" error={formState.errors.currency?.message}>
      {(props) => (
        <select {...props} {...register('currency')} className="input" disabled={locked}>
          <optgroup label="In use">
            {near.map((code) => (
              <option key={code} value={code}>
                {code}
              </option>
            ))}
          </optgroup>
          <optgroup label="All">
            {allCurrencies
              .filter((code) => !near.includes(code))
              .map((code) => (
                <option key={code} value={code}>
                  {code}
                </option>
              ))}
          </optgroup>
        </select>
      )}
    </FormField>
  )
}
