import { type MissingPart, missingParts, type Status } from '../../domain/quote.ts'
import type { FieldProblem } from './read-form.ts'
import { isBlank, type QuoteFormValues, readValue } from './values.ts'

/** What the quote would still lack if it were saved as typed. What cannot be read yet does not count as missing. */
export function missingIn(values: QuoteFormValues): MissingPart[] {
  const value = readValue(values)
  return missingParts({
    customer_id: values.customer?.id ?? null,
    lines: values.lines
      .filter((line) => !isBlank(line))
      .map(({ product, description }) => ({ product, description, quantity: 1, unit_price_minor: 0 })),
    value_minor: value.ok ? value.value : 1,
    expires_on: values.expires_on === '' ? null : values.expires_on,
  })
}

const places: Record<MissingPart, string> = {
  customer: 'customer',
  lines: 'lines',
  value: 'value',
  'valid until': 'expires_on',
}

/** An offer that is out must not lose what it needs: said at the field, before the edit is refused. */
export function lostParts(values: QuoteFormValues, before: readonly string[], status: Status): FieldProblem[] {
  if (status === 'draft' || status === 'closed') return []
  return missingIn(values)
    .filter((part) => !before.includes(part))
    .map((part) => ({
      path: places[part],
      message: `A quote that is ${status} needs this. Make it a draft again first.`,
    }))
}
