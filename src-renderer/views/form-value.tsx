import { useEffect } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import { amountText } from '../form/amounts.ts'
import { linesTotal, type QuoteFormValues, readValue } from '../form/values.ts'
import { fullMoney } from '../words/money.ts'
import { useLocked } from './form-context.tsx'
import { FormField } from './form-field.tsx'

/** The value: the sum of the lines until somebody types another; then it says by how much it differs. */
export function ValueField() {
  const { register, control, setValue, formState } = useFormContext<QuoteFormValues>()
  const [lines, currency, value, follows] = useWatch({
    control,
    name: ['lines', 'currency', 'value', 'value_follows'],
  })
  const locked = useLocked('value_minor')
  const sum = linesTotal(lines, currency)
  const typed = readValue({ value, currency })
  useEffect(() => {
    if (locked || !follows || sum === null) return
    const proposed = sum === 0 ? '' : amountText(sum, currency)
    // 12.5 and 12.50 are the same amount: only another one is written over what stands.
    if (!typed.ok || typed.value !== sum) setValue('value', proposed, { shouldValidate: formState.isSubmitted })
  }, [locked, follows, sum, typed, currency, setValue, formState.isSubmitted])
  const useSum = () => setValue('value_follows', true)
  const difference = sum !== null && typed.ok && !follows && sum !== typed.value ? typed.value - sum : 0
  return (
    <FormField
      label={`Value (${currency})`}
      field="value_minor"
      error={formState.errors.value?.message}
      hint={
        follows ? (
          <p className="quiet">The sum of the lines</p>
        ) : difference === 0 || sum === null ? null : (
          <p className="differs">
            Differs from lines: {fullMoney({ currency, value_minor: Math.abs(difference) })}{' '}
            {difference < 0 ? 'less' : 'more'}.{' '}
            {!locked && (
              <button type="button" className="link" onClick={useSum}>
                Use the sum
              </button>
            )}
          </p>
        )
      }
    >
      {(props) => (
        <input
          {...props}
          {...register('value', { onChange: () => setValue('value_follows', false) })}
          className="input"
          data-end
          data-part="value"
          inputMode="decimal"
          placeholder="0"
          maxLength={20}
          autoComplete="off"
          disabled={locked}
        />
      )}
    </FormField>
  )
}
