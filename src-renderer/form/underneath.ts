import { type QuoteField, type QuoteFields, quoteFieldNames } from '../../domain/quote.ts'
import { sameValue } from '../../domain/quote-edit.ts'
import { type FormQuote, fieldText, type QuoteFormValues, valuesOfQuote } from './values.ts'

/** What the form shows beside what was typed: the quote at `version`, with its customer's name. */
export interface FormBase {
  version: number
  quote: FormQuote
  customer_name: string | null
}

export interface Underneath {
  /** What an edit now names as its base. Its version moves on only when nothing is in dispute. */
  base: FormBase
  /** Fields that nobody typed into here: the form shows their new values. */
  adopted: QuoteField[]
  /** Fields that were typed into here and changed by somebody else to something different: both are shown. */
  disputed: QuoteField[]
}

/**
 * The quote changed while its form is open.
 * @param settled values by others that the person has seen and chosen to replace
 */
export function followQuote(
  base: FormBase,
  now: FormBase,
  values: QuoteFormValues,
  settled: Partial<QuoteFields>,
): Underneath {
  const shown = valuesOfQuote(base.quote, base.customer_name)
  const theirs = valuesOfQuote(now.quote, now.customer_name)
  const adopted: QuoteField[] = []
  const disputed: QuoteField[] = []
  for (const field of quoteFieldNames) {
    if (sameValue(base.quote[field], now.quote[field])) continue
    const mine = fieldText(values, field)
    if (mine === fieldText(theirs, field)) continue
    if (mine === fieldText(shown, field)) adopted.push(field)
    else if (!(field in settled) || !sameValue(settled[field], now.quote[field])) disputed.push(field)
  }
  if (disputed.length === 0) return { base: now, adopted, disputed }
  const kept = Object.fromEntries(disputed.map((field) => [field, base.quote[field]]))
  // The version stays that of the disputed values: the server must see that they were typed over older ones.
  const quote = { ...now.quote, ...kept }
  const customer_name = disputed.includes('customer_id') ? base.customer_name : now.customer_name
  return { base: { version: base.version, quote, customer_name }, adopted, disputed }
}
