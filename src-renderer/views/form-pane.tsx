import { useEffect, useRef } from 'react'
import type { Person } from '../../domain/directory.ts'
import { useDesk, useUi } from '../app/desk-context.tsx'
import type { OpenForm } from '../state/open-form.ts'
import { QuoteForm } from './quote-form.tsx'

const fields = 'input:not(:disabled), select:not(:disabled)'

/** The open form, in the place of the quote. */
export function FormPane({ open, me }: { open: OpenForm; me: Person }) {
  const { ui } = useDesk()
  const pane = useRef<HTMLElement>(null)
  const focusForm = useUi((state) => state.focusForm)
  const { part } = open
  useEffect(() => {
    const place = part === 'lines' ? '[data-line="0"]' : `[data-part="${part}"]`
    const wanted = part === null ? null : pane.current?.querySelector(`${place}:not(:disabled)`)
    const first =
      wanted ?? pane.current?.querySelector(`.form-start :is(${fields})`) ?? pane.current?.querySelector(fields)
    if (first instanceof HTMLElement) first.focus()
  }, [part])
  useEffect(() => {
    if (!focusForm) return
    ui.setState({ focusForm: false })
    const first = pane.current?.querySelector(fields)
    if (first instanceof HTMLElement) first.focus()
  }, [focusForm, ui])
  return (
    <section ref={pane} className="quote-pane form-pane" aria-label={open.kind === 'new' ? 'New quote' : 'Edit quote'}>
      <QuoteForm open={open} me={me} />
    </section>
  )
}
