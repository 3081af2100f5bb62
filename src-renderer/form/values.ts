import { linesTotalMinor, type Quote, type QuoteField, quoteFieldNames } from '../../domain/quote.ts'
import { amountText, type Read, readAmount, readQuantity } from './amounts.ts'

/** One line as typed. */
export interface LineValues {
  product: string
  description: string
  quantity: string
  unit_price: string
}

/** A quote as its form holds it: texts as typed, which may not be readable yet. */
export interface QuoteFormValues {
  team_id: string
  owner_id: string
  customer: { id: string; name: string } | null
  title: string
  currency: string
  lines: LineValues[]
  /** Major units; empty stands for none. */
  value: string
  /** The value is proposed as the sum of the lines until somebody types another. */
  value_follows: boolean
  /** `YYYY-MM-DD`, or empty. */
  expires_on: string
  time_zone: string
}

export const blankLine: LineValues = { product: '', description: '', quantity: '1', unit_price: '' }

/** A line nobody has typed into: the form offers one, the quote does not get it. */
export const isBlank = (line: LineValues) =>
  line.product.trim() === '' && line.description.trim() === '' && line.unit_price.trim() === ''

/** An empty form. */
export function newValues(defaults: Pick<QuoteFormValues, 'team_id' | 'owner_id' | 'currency' | 'time_zone'>) {
  return {
    ...defaults,
    customer: null,
    title: '',
    lines: [blankLine],
    value: '',
    value_follows: true,
    expires_on: '',
  } satisfies QuoteFormValues
}

export type FormQuote = Pick<Quote, QuoteField | 'team_id' | 'owner_id'>

/** The form of a quote. @param customerName of its customer, null when that is not known here */
export function valuesOfQuote(quote: FormQuote, customerName: string | null): QuoteFormValues {
  const { currency, lines, value_minor } = quote
  return {
    team_id: quote.team_id,
    owner_id: quote.owner_id,
    customer: quote.customer_id === null ? null : { id: quote.customer_id, name: customerName ?? 'Unknown customer' },
    title: quote.title,
    currency,
    lines: lines.map((line) => ({
      product: line.product,
      description: line.description,
      quantity: String(line.quantity),
      unit_price: amountText(line.unit_price_minor, currency),
    })),
    value: value_minor === 0 ? '' : amountText(value_minor, currency),
    value_follows: linesTotalMinor(lines) === value_minor,
    expires_on: quote.expires_on ?? '',
    time_zone: quote.time_zone,
  }
}

/** What a line comes to, as far as it can be read. @returns minor units */
export function lineTotal(line: LineValues, currency: string): number | null {
  const quantity = readQuantity(line.quantity)
  const price = readAmount(line.unit_price, currency)
  if (!quantity.ok || !price.ok) return null
  const total = quantity.value * price.value
  return Number.isSafeInteger(total) ? total : null
}

/** The sum of all lines that somebody typed into, in minor units; null while one of them cannot be read. */
export function linesTotal(lines: readonly LineValues[], currency: string): number | null {
  let sum = 0
  for (const line of lines) {
    if (isBlank(line)) continue
    const total = lineTotal(line, currency)
    if (total === null) return null
    sum += total
  }
  return Number.isSafeInteger(sum) ? sum : null
}

/** The value that is typed, or 0 for none. */
export const readValue = (values: Pick<QuoteFormValues, 'value' | 'currency'>): Read<number> =>
  values.value.trim() === '' ? { ok: true, value: 0 } : readAmount(values.value, values.currency)

/** How the form's own words for a field of the quote compare: equal texts say the same. */
export function fieldText(values: QuoteFormValues, field: QuoteField): string {
  switch (field) {
    case 'customer_id':
      return values.customer?.id ?? ''
    case 'lines':
      return JSON.stringify(
        values.lines
          .filter((line) => !isBlank(line))
          .map(({ product, description, quantity, unit_price }) => [product, description, quantity, unit_price]),
      )
    case 'value_minor':
      return values.value.trim()
    default:
      return values[field]
  }
}

/** Whether anything typed would be lost. */
export const isTouched = (start: QuoteFormValues, now: QuoteFormValues) =>
  start.team_id !== now.team_id ||
  start.owner_id !== now.owner_id ||
  quoteFieldNames.some((field) => fieldText(start, field) !== fieldText(now, field))

/** The form with the named fields as `from` has them. */
export function takeOver(values: QuoteFormValues, from: QuoteFormValues, fields: readonly QuoteField[]) {
  const taken: Partial<QuoteFormValues> = {}
  for (const field of fields) {
    if (field === 'customer_id') taken.customer = from.customer
    else if (field === 'value_minor') Object.assign(taken, { value: from.value, value_follows: from.value_follows })
    else if (field === 'lines') taken.lines = from.lines
    else taken[field] = from[field]
  }
  return { ...values, ...taken }
}
