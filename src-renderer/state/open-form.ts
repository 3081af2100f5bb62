import { createStore, type StoreApi } from 'zustand/vanilla'
import type { QuoteField, QuoteFields } from '../../domain/quote.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { type FieldMarks, markFields } from '../form/marks.ts'
import { type FormBase, followQuote } from '../form/underneath.ts'
import { type QuoteFormValues, takeOver, valuesOfQuote } from '../form/values.ts'

/** The parts of the form that somebody may want to start in. */
export type FormPart = 'title' | 'lines' | 'value' | 'expires_on'

interface FormState {
  /** Tells one opening from the next. */
  key: number
  /** Whose typing it is: nobody else finds it here. */
  person: string
  /** What was there at first: typing that differs would be lost. */
  start: QuoteFormValues
  /** As last typed, so that a form which had to leave the screen comes back as it was. */
  values: QuoteFormValues
  part: FormPart | null
}

export interface EditForm extends FormState {
  kind: 'edit'
  quote: string
  base: FormBase
  marks: FieldMarks
  /** Others' values that the person has seen and chosen to replace. */
  settled: Partial<QuoteFields>
}

export type OpenForm = (FormState & { kind: 'new' }) | EditForm

export interface FormDesk {
  store: StoreApi<{ open: OpenForm | null }>
  openNew: (person: string, values: QuoteFormValues) => void
  openEdit: (person: string, detail: QuoteDetail, part: FormPart | null) => void
  /** Keeps what is typed in the form of that key. */
  keep: (key: number, values: QuoteFormValues) => void
  /** The quote under the form is now so; `values` is what is typed. @returns the fields that have to show new values */
  follow: (detail: QuoteDetail, values: QuoteFormValues, nowMs: number) => QuoteField[]
  /** The person has seen their value of a field and lets their own stand. */
  settle: (fields: Partial<QuoteFields>) => void
  close: () => void
}

/** What a form shows of a quote. */
export const baseOf = ({ quote, base_version, customer }: QuoteDetail): FormBase => ({
  version: base_version,
  quote,
  customer_name: customer?.customer.name ?? null,
})

/** The one form that is open, kept outside what is drawn: typing outlives whatever happens to the window's views. */
export function createFormDesk(): FormDesk {
  const store = createStore<{ open: OpenForm | null }>(() => ({ open: null }))
  let key = 0
  const opened = (person: string, values: QuoteFormValues, part: FormPart | null): FormState => {
    key += 1
    return { key, person, start: values, values, part }
  }
  return {
    store,
    openNew: (person, values) => store.setState({ open: { kind: 'new', ...opened(person, values, null) } }),
    openEdit: (person, detail, part) => {
      const base = baseOf(detail)
      const state = opened(person, valuesOfQuote(base.quote, base.customer_name), part)
      store.setState({
        open: { kind: 'edit', ...state, quote: detail.quote.id, base, marks: new Map(), settled: {} },
      })
    },
    keep: (of, values) => {
      const { open } = store.getState()
      if (open?.key === of) store.setState({ open: { ...open, values } })
    },
    follow: (detail, values, nowMs) => {
      const { open } = store.getState()
      if (open?.kind !== 'edit' || open.quote !== detail.quote.id) return []
      const found = followQuote(open.base, baseOf(detail), values, open.settled)
      const start = valuesOfQuote(found.base.quote, found.base.customer_name)
      const marks = markFields(open.marks, found, detail, nowMs)
      const shown = takeOver(values, start, found.adopted)
      store.setState({ open: { ...open, base: found.base, start, marks, values: shown } })
      return found.adopted
    },
    settle: (fields) => {
      const { open } = store.getState()
      if (open?.kind === 'edit') store.setState({ open: { ...open, settled: { ...open.settled, ...fields } } })
    },
    close: () => store.setState({ open: null }),
  }
}
