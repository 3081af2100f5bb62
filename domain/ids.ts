import { z } from 'zod'

const variant = '[89ab][0-9a-f]{3}-[0-9a-f]{12}'
const lowerCase = { error: 'expected a UUID in lower case' }

/** Any UUID. Only in lower case: the same id in capitals would be another text, and so another thing to every table. */
export const uuidSchema = z
  .string()
  .regex(new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-${variant}$`), lowerCase)
  .meta({ format: 'uuid' })

/**
 * Identity of an entity: a UUIDv7 made where the entity is made, also offline, in lower case.
 * Ordering by it is ordering by creation, which keeps B-tree inserts at the right edge.
 */
export const entityIdSchema = z
  .string()
  .regex(new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-${variant}$`), {
    error: 'expected a UUIDv7 in lower case',
  })
  .meta({ format: 'uuid' })
export type EntityId = z.infer<typeof entityIdSchema>

/** The number people say aloud ("Q-1042"). Only the server gives it; null until then. */
export const quoteNumberSchema = z.int().positive()

/** How a quote is called in every text a person reads. `revision` is shown from 2 on. */
export function quoteLabel(quote: { quote_id: number | null; revision: number }): string {
  const number = quote.quote_id === null ? 'Q-new' : `Q-${quote.quote_id}`
  return quote.revision > 1 ? `${number} r${quote.revision}` : number
}
