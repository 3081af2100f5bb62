import { useState } from 'react'
import { quoteLabel } from '../../domain/ids.ts'
import { useDesk } from '../app/desk-context.tsx'
import { focusOn } from '../app/focus.ts'
import { tellChange } from '../app/told-change.ts'
import { readForm } from '../form/read-form.ts'
import type { QuoteFormValues } from '../form/values.ts'
import { sendEdit } from '../state/changes.ts'
import type { OpenForm } from '../state/open-form.ts'
import { fieldWords, listWords } from '../words/fields.ts'
import { problemWords } from '../words/refusals.ts'

/** Saves the form as one change; refused, it stays as it is and says why. */
export function useSaveForm() {
  const desk = useDesk()
  const [problem, setProblem] = useState<string | null>(null)

  const create = async (values: QuoteFormValues) => {
    const read = readForm(values)
    if (!read.ok) return
    const { entry, id } = await desk.engine().quotes.create({ ...read.assignment, ...read.fields })
    desk.form.close()
    void desk.page.open(id)
    desk.ui.setState({ focusPage: true })
    const live = desk.data.getState().status?.connection.state === 'live'
    const who = values.customer === null ? '' : ` for ${values.customer.name}`
    tellChange(desk, entry, `New quote${who} created`, {
      more: live ? undefined : 'It gets its number when connected.',
      untilSent: true,
      created: id,
    })
  }

  const edit = async (open: Extract<OpenForm, { kind: 'edit' }>, values: QuoteFormValues) => {
    const read = readForm(values)
    if (!read.ok) return
    const sent = await sendEdit(desk.engine(), open.quote, open.base, read.fields)
    desk.form.close()
    if (desk.page.store.getState().id === null) focusOn('grid')
    else desk.ui.setState({ focusPage: true })
    if (sent === null) return
    const { detail } = desk.page.store.getState()
    const label = detail?.quote.id === open.quote ? quoteLabel(detail.quote) : 'The quote'
    tellChange(desk, sent.entry, `${label}: ${listWords(sent.names.map((name) => fieldWords[name]))} changed`)
  }

  const save = async (values: QuoteFormValues) => {
    setProblem(null)
    try {
      // As it stands now: its base may have moved on since it was drawn.
      const { open } = desk.form.store.getState()
      if (open?.kind === 'edit') await edit(open, values)
      else await create(values)
    } catch (error) {
      setProblem(problemWords(error))
    }
  }
  return { save, problem }
}
