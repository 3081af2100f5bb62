import type { QuoteField, QuoteFields } from '../../domain/quote.ts'
import { changedFields } from '../../domain/quote-edit.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import type { FormBase } from '../form/underneath.ts'

/**
 * Sends what the form changes of the quote that it showed, and nothing when that is nothing.
 * @returns the change's name on this machine and the fields it touches
 * @throws the engine's refusal, with a text for people
 */
export async function sendEdit(
  engine: EngineClient,
  quote: string,
  base: FormBase,
  wish: QuoteFields,
): Promise<{ entry: number; names: QuoteField[] } | null> {
  const shown: Partial<QuoteFields> = base.quote
  const fields = changedFields(shown, wish)
  const names = Object.keys(fields) as QuoteField[]
  if (names.length === 0) return null
  const seen = Object.fromEntries(names.map((name) => [name, shown[name]]))
  const { entry } = await engine.quotes.edit({ id: quote, base: { version: base.version, fields: seen }, fields })
  return { entry, names }
}
