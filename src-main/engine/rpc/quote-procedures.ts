import type { QuoteFilter } from '../../../domain/rpc/quotes.ts'
import { addNote, changeStatus, createQuote, editQuote, reassign } from '../outbox/edits.ts'
import { RefusedError } from '../outbox/refusal.ts'
import { accountOf, rpc } from './base.ts'
import { editingOf } from './editing.ts'
import { readQuoteDetail } from './quote-detail.ts'

export const quoteProcedures = {
  page: rpc.quotes.page.handler(({ input, context }) => {
    const { pages, clock } = accountOf(context)
    checkFilter(input.filter)
    return pages.page(input, clock.nowMs())
  }),
  get: rpc.quotes.get.handler(({ input, context }) => readQuoteDetail(editingOf(context), input.id)),
  changeStatus: rpc.quotes.changeStatus.handler(({ input, context }) => ({
    entry: changeStatus(editingOf(context), input),
  })),
  create: rpc.quotes.create.handler(({ input, context }) => createQuote(editingOf(context), input)),
  edit: rpc.quotes.edit.handler(({ input, context }) => ({ entry: editQuote(editingOf(context), input) })),
  reassign: rpc.quotes.reassign.handler(({ input, context }) => ({ entry: reassign(editingOf(context), input) })),
  addNote: rpc.quotes.addNote.handler(({ input, context }) => ({ entry: addNote(editingOf(context), input) })),
}

/** Minor units of different currencies do not compare. */
function checkFilter(filter: QuoteFilter): void {
  const bounded = filter.value_min_minor !== null || filter.value_max_minor !== null
  if (bounded && filter.currencies.length !== 1) {
    throw new RefusedError('one_currency', 'To filter by value, choose exactly one currency.')
  }
}
