import type { PendingChange } from '../../domain/rpc/quotes.ts'

type Refusal = Extract<PendingChange['state'], { kind: 'refused' }>

/** What to do about a refused change; the message says what was wrong. */
const advice: Record<Refusal['code'], string> = {
  not_found: 'The quote is gone or you may no longer see it. Remove this change.',
  not_a_next_state:
    'Somebody moved the quote meanwhile. Remove this change, then choose a next state from what it is now.',
  incomplete: 'Fill in what is missing, then try again.',
  needs_permission: 'Ask a manager of the team to do it.',
  past_valid_until: 'Renew the valid-until date first, then try again.',
  superseded: 'Work on the latest revision of this quote instead.',
  policy_only: 'Choose another outcome: the server closes expired quotes by itself.',
  invalid_request: 'Remove this change and make it again; if it is refused again, update QuoteDesk.',
  conflict: 'Somebody changed the same thing meanwhile. Look at the quote as it is now, then decide again.',
}

export const whatToDo = (refusal: Refusal) => advice[refusal.code]

/** A text for whatever was thrown by a call; the engine's own refusals are already written for people. */
export function problemWords(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message
  return 'Something went wrong that QuoteDesk has no words for. Try again.'
}
