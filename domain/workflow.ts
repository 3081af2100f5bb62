import { isPastValidUntil } from './expiry.ts'
import type { Permission } from './permissions.ts'
import { missingParts, type Outcome, type Quote, type Status } from './quote.ts'

/** A step of the workflow. `outcome` is there exactly when `to` is closed. */
export type Transition = { to: Exclude<Status, 'closed'> } | { to: 'closed'; outcome: Outcome }

/** Who asks: a person with permissions on the quote's team, or a server policy acting on its own. */
export type Actor = { kind: 'person'; permissions: ReadonlySet<Permission> } | { kind: 'policy' }

const close = (outcome: Outcome): Transition => ({ to: 'closed', outcome })

/**
 * The whole workflow. `superseded` is in no row: only making a revision closes its predecessor so.
 * `expired` is for the server's policy alone.
 */
const table: Record<Status, readonly Transition[]> = {
  draft: [{ to: 'active' }, close('withdrawn')],
  active: [{ to: 'draft' }, { to: 'sent' }, close('withdrawn'), close('expired')],
  sent: [{ to: 'negotiation' }, close('won'), close('lost'), close('withdrawn'), close('expired')],
  negotiation: [{ to: 'sent' }, close('won'), close('lost'), close('withdrawn'), close('expired')],
  closed: [{ to: 'negotiation' }],
}

export type RefusalCode =
  | 'not_a_next_state'
  | 'incomplete'
  | 'needs_permission'
  | 'past_valid_until'
  | 'superseded'
  | 'policy_only'

export type TransitionCheck = { ok: true } | { ok: false; code: RefusalCode; message: string; allowed: Transition[] }

export function transitionLabel(transition: Transition): string {
  return transition.to === 'closed' ? `closed (${transition.outcome})` : transition.to
}

function sameTransition(a: Transition, b: Transition): boolean {
  return transitionLabel(a) === transitionLabel(b)
}

type Refusal = { code: RefusalCode; problem: string }

function refusalOf(quote: Quote, transition: Transition, actor: Actor, nowMs: number): Refusal | null {
  if (quote.outcome === 'superseded') {
    return { code: 'superseded', problem: 'a later revision replaces this quote, so it stays closed' }
  }
  if (!table[quote.status].some((candidate) => sameTransition(candidate, transition))) {
    return { code: 'not_a_next_state', problem: `${quote.status} cannot become ${transitionLabel(transition)}` }
  }
  const expires = quote.expires_on === null ? null : { expires_on: quote.expires_on, time_zone: quote.time_zone }
  const pastValidUntil = expires !== null && isPastValidUntil(expires, nowMs)

  if (transition.to === 'closed' && transition.outcome === 'expired') {
    if (actor.kind !== 'policy') {
      return { code: 'policy_only', problem: 'only the server closes a quote as expired' }
    }
    return pastValidUntil ? null : { code: 'past_valid_until', problem: 'the quote has not expired' }
  }
  const may = (permission: Permission) => actor.kind === 'policy' || actor.permissions.has(permission)
  if (!may('quotes:write')) {
    return { code: 'needs_permission', problem: 'changing a status needs the permission quotes:write' }
  }
  if (quote.status === 'draft' && transition.to === 'active') {
    const missing = missingParts(quote)
    if (missing.length > 0) {
      return { code: 'incomplete', problem: `before it can become active it still needs: ${missing.join(', ')}` }
    }
  }
  if (quote.status === 'closed') {
    if (!may('quotes:reopen')) {
      return { code: 'needs_permission', problem: 'reopening needs the permission quotes:reopen' }
    }
    if (pastValidUntil) {
      return { code: 'past_valid_until', problem: 'its valid-until date has passed: renew the date before reopening' }
    }
  }
  if (transition.to === 'closed' && transition.outcome === 'won' && pastValidUntil && !may('quotes:override_expiry')) {
    return {
      code: 'needs_permission',
      problem: 'the quote has expired: winning it needs the permission quotes:override_expiry',
    }
  }
  return null
}

/** Exactly the steps this actor may take now, in the order of the table. */
export function allowedTransitions(quote: Quote, actor: Actor, nowMs: number): Transition[] {
  return table[quote.status].filter((transition) => refusalOf(quote, transition, actor, nowMs) === null)
}

/** Judges one step. A refusal's message says what is wrong and names the allowed next states. */
export function checkTransition(quote: Quote, transition: Transition, actor: Actor, nowMs: number): TransitionCheck {
  const refusal = refusalOf(quote, transition, actor, nowMs)
  if (refusal === null) return { ok: true }
  const allowed = allowedTransitions(quote, actor, nowMs)
  const names = allowed.map(transitionLabel)
  const hint = names.length > 0 ? `Allowed next: ${names.join(', ')}.` : 'No further step is open to you.'
  const problem = refusal.problem.charAt(0).toUpperCase() + refusal.problem.slice(1)
  return { ok: false, code: refusal.code, message: `${problem}. ${hint}`, allowed }
}

/**
 * The quote after an allowed step: one version up, `sent_at` on (re-)issue, outcome and `closed_at` exactly when closed.
 * @param at instant of the change as canonical text
 */
export function applyTransition(quote: Quote, transition: Transition, reason: string | null, at: string): Quote {
  const closed = transition.to === 'closed'
  return {
    ...quote,
    version: quote.version + 1,
    status: transition.to,
    outcome: closed ? transition.outcome : null,
    reason: closed ? reason : null,
    sent_at: transition.to === 'sent' ? at : quote.sent_at,
    closed_at: closed ? at : null,
    updated_at: at,
  }
}
