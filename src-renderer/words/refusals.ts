import type { PendingChange } from '../../domain/rpc/quotes.ts'

export type Refusal = Extract<PendingChange['state'], { kind: 'refused' }>

/** What to do about a refused change; the message says what was wrong. */
const advice: Record<Refusal['code'], string> = {
  not_found: 'The quote is gone or you may no longer see it. Discard this change.',
  not_a_next_state:
    'Somebody moved the quote meanwhile. Discard this change, then choose a next state from what it is now.',
  incomplete: 'Fill in what is missing, then retry.',
  needs_permission: 'Ask a manager of the team to do it, or to let you, then retry.',
  past_valid_until: 'Renew the valid-until date first, then retry.',
  superseded: 'Work on the latest revision of this quote instead.',
  policy_only: 'Choose another outcome: the server closes expired quotes by itself.',
  invalid_request: 'Discard this change and make it again; if it is refused again, update QuoteDesk.',
  not_editable: 'Reopen the quote first, or discard this change.',
  invalid_edit: 'Discard this change and make it again with other values.',
  conflict: 'Choose what stands: yours or theirs.',
  failed: 'Retry; if it is refused again, tell whoever runs your server.',
}

export const whatToDo = (refusal: Pick<Refusal, 'code'>) => advice[refusal.code]

/** A text for whatever was thrown by a call; the engine's own refusals are already written for people. */
export function problemWords(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message
  return 'Something went wrong that QuoteDesk has no words for. Try again.'
}
