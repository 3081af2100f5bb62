import { type FieldErrors, type Resolver, set } from 'react-hook-form'
import { type FieldProblem, readForm } from './read-form.ts'
import type { QuoteFormValues } from './values.ts'

/** Errors of the form, each where its field stands. @param more what else is wrong with these values */
export function formResolver(more: (values: QuoteFormValues) => FieldProblem[]): Resolver<QuoteFormValues> {
  return (values) => {
    const read = readForm(values)
    const problems = [...(read.ok ? [] : read.problems), ...more(values)]
    if (problems.length === 0) return { values, errors: {} }
    const errors: FieldErrors<QuoteFormValues> = {}
    for (const { path, message } of problems) {
      set(errors, path === 'lines' ? 'lines.root' : path, { type: 'form', message })
    }
    return { values: {}, errors }
  }
}
