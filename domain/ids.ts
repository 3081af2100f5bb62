import { z } from 'zod'

/**
 * Identity of an entity: a UUIDv7 made where the entity is made, also offline.
 * Ordering by it is ordering by creation, which keeps B-tree inserts at the right edge.
 */
export const entityIdSchema = z.uuidv7()
export type EntityId = z.infer<typeof entityIdSchema>

/** The number people say aloud ("Q-1042"). Only the server gives it; null until then. */
export const quoteNumberSchema = z.int().positive()

/** How a quote is called in every text a person reads. `revision` is shown from 2 on. */
export function quoteLabel(quote: { quote_id: number | null; revision: number }): string {
  const number = quote.quote_id === null ? 'Q-new' : `Q-${quote.quote_id}`
  return quote.revision > 1 ? `${number} r${quote.revision}` : number
}
