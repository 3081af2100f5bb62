import type { Outcome, Status } from '../../domain/quote.ts'
import type { NextState } from '../../domain/rpc/quotes.ts'

/** Every state has its own outline, so that it can be told apart without colour and at a glance. */
export type Shape = 'dotted' | 'ring' | 'half' | 'disc' | 'check' | 'cross' | 'bar' | 'clock' | 'arrow'

const openShapes: Record<Exclude<Status, 'closed'>, Shape> = {
  draft: 'dotted',
  active: 'ring',
  sent: 'half',
  negotiation: 'disc',
}

const closedShapes: Record<Outcome, Shape> = {
  won: 'check',
  lost: 'cross',
  withdrawn: 'bar',
  expired: 'clock',
  superseded: 'arrow',
}

/** Shape and word of a state: a closed quote is called by its outcome. */
export function statusLook(status: Status, outcome: Outcome | null): { shape: Shape; word: string } {
  if (status !== 'closed') return { shape: openShapes[status], word: status }
  return outcome === null ? { shape: 'bar', word: 'closed' } : { shape: closedShapes[outcome], word: outcome }
}

/** A text from elsewhere as a sentence: capital first, full stop last. */
export const sentence = (text: string) => `${capitalised(text)}${/[.!?…]$/.test(text) ? '' : '.'}`

export const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const closingVerbs: Record<Outcome, string> = {
  won: 'Mark won',
  lost: 'Mark lost',
  withdrawn: 'Withdraw',
  expired: 'Mark expired',
  superseded: 'Mark superseded',
}

/** What the button for a step says. Reopening and re-issuing have names of their own. */
export function stepWords(from: Status, next: Pick<NextState, 'to' | 'outcome'>): string {
  if (next.to === 'closed') return next.outcome === null ? 'Close' : closingVerbs[next.outcome]
  if (from === 'closed') return 'Reopen'
  if (from === 'negotiation' && next.to === 'sent') return 'Send again'
  if (next.to === 'draft') return 'Back to draft'
  return { active: 'Make active', sent: 'Mark as sent', negotiation: 'Move to negotiation' }[next.to]
}

/** Identity of a step within a list of them. */
export const stepKey = (next: Pick<NextState, 'to' | 'outcome'>) => `${next.to}:${next.outcome ?? ''}`
