import { type Json, newId } from './plain-client.ts'
import type { ServerUnderTest } from './server-under-test.ts'

/** A complete draft of the person in north, worth 4,500.00 EUR. */
export const draftOf = (server: ServerUnderTest, who: 'mia' | 'rob', given: Json = {}): Json => ({
  name: 'quote.create',
  quote: newId(),
  team_id: server.north.id,
  owner_id: server.personId(who),
  customer_id: server.customer,
  title: 'Ten desks',
  currency: 'EUR',
  lines: [{ product: 'Desk', description: '', quantity: 10, unit_price_minor: 45_000 }],
  value_minor: 450_000,
  expires_on: '2026-03-13',
  time_zone: 'Europe/Berlin',
  ...given,
})
