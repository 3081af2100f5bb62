import { useEffect, useRef, useState } from 'react'
import { useDesk } from '../app/desk-context.tsx'
import { focusOn, focusTargets } from '../app/focus.ts'
import { isTouched, type QuoteFormValues } from '../form/values.ts'
import type { OpenForm } from '../state/open-form.ts'

/**
 * Leaving the form, by Esc or by opening another quote: at once when nothing would be lost, else after a question.
 * Its typing is kept whenever the form goes from the screen for any other reason.
 */
export function useLeaveForm(open: OpenForm, getValues: () => QuoteFormValues) {
  const { form, page, ui } = useDesk()
  const [asking, setAsking] = useState(false)
  const { key } = open
  const quote = open.kind === 'edit' ? open.quote : null
  const asksFor = useRef(false)

  useEffect(() => () => form.keep(key, getValues()), [form, key, getValues])

  /** Without a question; the focus goes to the quote or the list, unless it is in the list already. */
  const close = () => {
    form.close()
    if (document.activeElement?.id === focusTargets.grid) return
    if (page.store.getState().id !== null) ui.setState({ focusPage: true })
    else focusOn('grid')
  }
  const closeNow = useRef(close)
  useEffect(() => {
    closeNow.current = close
  })

  useEffect(() => {
    const wanted = () => {
      const { open: now } = form.store.getState()
      if (now === null || asksFor.current) return
      if (isTouched(now.start, getValues())) {
        asksFor.current = true
        setAsking(true)
      } else closeNow.current()
    }
    const endWish = ui.subscribe(({ leavingForm }) => {
      if (!leavingForm) return
      ui.setState({ leavingForm: false })
      wanted()
    })
    const endPage = page.store.subscribe(({ id }, before) => {
      if (id !== before.id && id !== null && id !== quote) wanted()
    })
    return () => {
      endWish()
      endPage()
    }
  }, [form, getValues, page, quote, ui])

  const stay = () => {
    asksFor.current = false
    setAsking(false)
    if (quote !== null && page.store.getState().id !== quote) void page.open(quote)
  }
  return { asking, stay, close }
}
