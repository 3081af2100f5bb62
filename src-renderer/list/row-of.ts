import type { QuoteDetail, QuoteRow } from '../../domain/rpc/quotes.ts'

/** A quote page as the line of the list it would be. */
export function rowOf({ quote, missing, expires_at_ms, owner, team, customer, pending }: QuoteDetail): QuoteRow {
  return {
    id: quote.id,
    quote_id: quote.quote_id,
    revision: quote.revision,
    title: quote.title,
    customer_name: customer?.customer.name ?? null,
    owner_id: quote.owner_id,
    owner_name: owner?.name ?? null,
    team_id: quote.team_id,
    team_name: team?.name ?? null,
    status: quote.status,
    outcome: quote.outcome,
    value_minor: quote.value_minor,
    currency: quote.currency,
    expires_on: quote.expires_on,
    time_zone: quote.time_zone,
    expires_at_ms,
    updated_at: quote.updated_at,
    incomplete: missing.length > 0,
    pending: pending.some((change) => change.state.kind !== 'refused'),
    refused: pending.some((change) => change.state.kind === 'refused'),
  }
}
