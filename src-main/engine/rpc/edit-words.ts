import type { QuoteField } from '../../../domain/quote.ts'
import { changedFields } from '../../../domain/quote-edit.ts'
import { transitionLabel } from '../../../domain/workflow.ts'
import type { Names } from '../cache/names.ts'
import type { EditBody } from '../cache/outbox-body.ts'
import type { OutboxEntry } from '../cache/outbox-store.ts'
import { transitionOf } from '../cache/pending-edit.ts'

const fieldWords: Record<QuoteField, string> = {
  customer_id: 'customer',
  title: 'title',
  currency: 'currency',
  lines: 'lines',
  value_minor: 'value',
  expires_on: 'valid until',
  time_zone: 'time zone',
}

const noteShown = 60

/** What an edit does, e.g. "status to sent" or "value, lines". */
export function whatInWords({ body, base }: Pick<OutboxEntry, 'body' | 'base'>, names: Names): string {
  switch (body.name) {
    case 'quote.create':
      return 'new quote'
    case 'quote.edit':
      return Object.keys(changedFields(base, body.fields))
        .map((field) => fieldWords[field as QuoteField])
        .join(', ')
    case 'quote.change_status':
      return `status to ${transitionLabel(transitionOf(body))}`
    case 'quote.reassign': {
      const owner = `owner to ${names.owner(body.owner_id) ?? 'somebody else'}`
      if (base.team_id === body.team_id) return owner
      const team = `team to ${names.team(body.team_id) ?? 'another one'}`
      return base.owner_id === body.owner_id ? team : `${team}, ${owner}`
    }
    case 'quote.add_note': {
      const short = body.text.length > noteShown ? `${body.text.slice(0, noteShown - 1).trimEnd()}…` : body.text
      return `note “${short}”`
    }
    default:
      throw new TypeError(`unknown edit "${(body as EditBody).name}"`)
  }
}
