import { useCallback, useEffect } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import { useStore } from 'zustand'
import type { QuoteField } from '../../domain/quote.ts'
import { useDesk } from '../app/desk-context.tsx'
import type { FieldMarks } from '../form/marks.ts'
import { type QuoteFormValues, valuesOfQuote } from '../form/values.ts'
import { baseOf, type OpenForm } from '../state/open-form.ts'

const none: FieldMarks = new Map()

/**
 * Keeps an edit form honest while its quote changes underneath: what nobody typed into shows the new values with a soft
 * mark; what was typed stays, beside the other value, until the person chooses.
 */
export function useFollowQuote(open: OpenForm, { getValues, setValue }: UseFormReturn<QuoteFormValues>) {
  const { page, form, timers } = useDesk()
  const quote = open.kind === 'edit' ? open.quote : null
  const detail = useStore(page.store, (state) => (state.detail?.quote.id === quote ? state.detail : null))

  const show = useCallback(
    (values: QuoteFormValues, fields: readonly QuoteField[]) => {
      for (const field of fields) {
        if (field === 'customer_id') setValue('customer', values.customer)
        else if (field === 'value_minor') {
          setValue('value_follows', values.value_follows)
          setValue('value', values.value)
        } else setValue(field, values[field])
      }
    },
    [setValue],
  )

  const follow = useCallback(() => {
    const { detail: now } = page.store.getState()
    if (now === null || now.quote.id !== quote) return
    const adopted = form.follow(now, getValues(), timers.nowMs())
    const { quote: latest, customer_name } = baseOf(now)
    if (adopted.length > 0) show(valuesOfQuote(latest, customer_name), adopted)
  }, [form, getValues, page, quote, show, timers])

  useEffect(() => {
    if (detail !== null) follow()
  }, [detail, follow])

  /** Settles a dispute: with the person's own value, or with the other one. */
  const choose = (field: QuoteField, which: 'mine' | 'theirs') => {
    if (detail === null) return
    if (which === 'mine') form.settle({ [field]: detail.quote[field] })
    else show(valuesOfQuote(detail.quote, baseOf(detail).customer_name), [field])
    follow()
  }
  return { marks: open.kind === 'edit' ? open.marks : none, choose, detail }
}
