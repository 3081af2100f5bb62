import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Role, rolePermissions, roles } from './permissions.ts'
import { type Outcome, outcomes, type Quote, quoteSchema, type Status, statuses } from './quote.ts'
import { toEpochMs, toInstantText } from './time.ts'
import {
  type Actor,
  allowedTransitions,
  applyTransition,
  checkTransition,
  type Transition,
  transitionLabel,
} from './workflow.ts'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'
const nowMs = toEpochMs('2026-03-10T12:00Z')
const past = '2026-03-09'
const future = '2026-03-10'

function quote(changes: Partial<Quote> = {}): Quote {
  return quoteSchema.parse({
    id,
    quote_id: 1042,
    revision: 1,
    version: 1,
    team_id: id,
    owner_id: id,
    customer_id: id,
    title: 'Two presses',
    status: 'draft',
    outcome: null,
    reason: null,
    value_minor: 100,
    currency: 'EUR',
    lines: [{ product: 'Press', description: '', quantity: 1, unit_price_minor: 100 }],
    expires_on: future,
    time_zone: 'UTC',
    sent_at: null,
    closed_at: null,
    created_at: '2026-03-01T08:00:00.000Z',
    updated_at: '2026-03-01T08:00:00.000Z',
    ...changes,
  })
}

const person = (role: Role): Actor => ({ kind: 'person', permissions: rolePermissions(role) })

const allTargets: Transition[] = [
  ...statuses.filter((status) => status !== 'closed').map((to): Transition => ({ to })),
  ...outcomes.map((outcome): Transition => ({ to: 'closed', outcome })),
]
const allStates: Array<{ status: Status; outcome: Outcome | null }> = [
  ...statuses.filter((status) => status !== 'closed').map((status) => ({ status, outcome: null })),
  ...outcomes.map((outcome) => ({ status: 'closed' as const, outcome })),
]

/** product.md's workflow written a second time, for people, one line a row of its table. */
function productSays(from: Quote, to: Transition, role: Role, complete: boolean): boolean {
  const atLeast = (least: Role) => roles.indexOf(role) >= roles.indexOf(least)
  const isPast = from.expires_on === past
  const target = to.to === 'closed' ? to.outcome : to.to
  if (!atLeast('rep')) return false
  switch (`${from.status} → ${target}`) {
    case 'draft → active':
      return complete
    case 'active → draft':
    case 'active → sent':
    case 'sent → negotiation':
    case 'negotiation → sent':
    case 'draft → withdrawn':
    case 'active → withdrawn':
    case 'sent → lost':
    case 'sent → withdrawn':
    case 'negotiation → lost':
    case 'negotiation → withdrawn':
      return true
    case 'sent → won':
    case 'negotiation → won':
      return !isPast || atLeast('manager')
    case 'closed → negotiation':
      return from.outcome !== 'superseded' && !isPast && atLeast('manager')
    default:
      return false
  }
}

function code(from: Quote, to: Transition, actor: Actor): string {
  const verdict = checkTransition(from, to, actor, nowMs)
  return verdict.ok ? 'ok' : verdict.code
}

const partlyFilled: Array<[string, Partial<Quote>]> = [
  ['customer', { customer_id: null }],
  ['lines', { lines: [] }],
  ['value', { value_minor: 0 }],
  ['valid until', { expires_on: null }],
]

describe('the table', () => {
  test('is exactly product.md for every state, target, role, date and completeness', () => {
    const said: string[] = []
    const shown: string[] = []
    let judged = 0
    for (const state of allStates) {
      for (const target of allTargets) {
        for (const role of roles) {
          for (const expires_on of [future, past]) {
            for (const complete of [true, false]) {
              const from = quote({ ...state, expires_on, ...(complete ? {} : { lines: [] }) })
              const verdict = checkTransition(from, target, person(role), nowMs)
              const what = `${role}: ${from.status}/${from.outcome} → ${transitionLabel(target)}, ${expires_on}, ${complete}`
              if (productSays(from, target, role, complete)) said.push(what)
              if (verdict.ok) shown.push(what)
              judged += 1
            }
          }
        }
      }
    }
    expect(shown).toEqual(said)
    expect(judged).toBe(9 * 9 * 4 * 2 * 2)
  })

  test('only the server closes as expired, only from active, sent or negotiation, only past the date', () => {
    const expire: Transition = { to: 'closed', outcome: 'expired' }
    for (const state of allStates) {
      for (const expires_on of [future, past, null]) {
        const from = quote({ ...state, expires_on })
        const open = ['active', 'sent', 'negotiation'].includes(from.status)
        expect(checkTransition(from, expire, { kind: 'policy' }, nowMs).ok).toBe(open && expires_on === past)
        expect(checkTransition(from, expire, person('admin'), nowMs).ok).toBe(false)
      }
    }
  })

  test('nobody closes as superseded by a step, and nobody leaves superseded', () => {
    for (const actor of [person('admin'), { kind: 'policy' } as const]) {
      for (const state of allStates) {
        expect(checkTransition(quote(state), { to: 'closed', outcome: 'superseded' }, actor, nowMs).ok).toBe(false)
      }
      expect(allowedTransitions(quote({ status: 'closed', outcome: 'superseded' }), actor, nowMs)).toEqual([])
    }
  })

  test('the last valid instant is still in time for everybody, the next one is not', () => {
    const from = quote({ status: 'sent', expires_on: past })
    const won: Transition = { to: 'closed', outcome: 'won' }
    const endMs = toEpochMs('2026-03-10T00:00Z')
    expect(checkTransition(from, won, person('rep'), endMs - 1).ok).toBe(true)
    expect(checkTransition(from, won, person('rep'), endMs)).toMatchObject({ ok: false, code: 'needs_permission' })
  })
})

describe('what may be done', () => {
  test('allowedTransitions are exactly the steps that checkTransition accepts', () => {
    for (const state of allStates) {
      for (const actor of [...roles.map(person), { kind: 'policy' } as const]) {
        for (const [, missing] of [...partlyFilled, ['nothing', {}] as const]) {
          for (const expires_on of [future, past]) {
            const from = quote({ ...state, expires_on, ...missing })
            const accepted = allTargets.filter((target) => checkTransition(from, target, actor, nowMs).ok)
            const allowed = allowedTransitions(from, actor, nowMs)
            expect(allowed.map(transitionLabel).sort()).toEqual(accepted.map(transitionLabel).sort())
          }
        }
      }
    }
  })

  test('every refusal names exactly the allowed next states, or says that there are none', () => {
    for (const state of allStates) {
      for (const role of roles) {
        const from = quote(state)
        const names = allowedTransitions(from, person(role), nowMs).map(transitionLabel)
        for (const target of allTargets) {
          const verdict = checkTransition(from, target, person(role), nowMs)
          if (verdict.ok) continue
          expect(verdict.allowed.map(transitionLabel)).toEqual(names)
          const hint = names.length > 0 ? `Allowed next: ${names.join(', ')}.` : 'No further step is open to you.'
          expect(verdict.message.slice(-hint.length)).toBe(hint)
        }
      }
    }
  })

  test.each(partlyFilled)('a draft without %s is refused and told so', (part, missing) => {
    const verdict = checkTransition(quote(missing), { to: 'active' }, person('rep'), nowMs)
    expect(verdict).toMatchObject({ ok: false, code: 'incomplete', message: expect.stringContaining(part) })
  })

  test('each refusal carries its own code', () => {
    const rep = person('rep')
    const closed = { status: 'closed', outcome: 'lost' } as const
    expect(code(quote(), { to: 'sent' }, rep)).toBe('not_a_next_state')
    expect(code(quote(), { to: 'active' }, person('viewer'))).toBe('needs_permission')
    expect(code(quote(closed), { to: 'negotiation' }, rep)).toBe('needs_permission')
    expect(code(quote({ ...closed, expires_on: past }), { to: 'negotiation' }, person('manager'))).toBe(
      'past_valid_until',
    )
    expect(code(quote({ status: 'closed', outcome: 'superseded' }), { to: 'negotiation' }, rep)).toBe('superseded')
    expect(code(quote({ status: 'sent' }), { to: 'closed', outcome: 'expired' }, rep)).toBe('policy_only')
  })
})

describe('the quote after a step', () => {
  test('closed ⇔ outcome ⇔ closed_at along any allowed walk, and the version counts every step', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { maxLength: 30 }), (choices) => {
        let current = quote()
        choices.forEach((choice, step) => {
          const allowed = allowedTransitions(current, person('admin'), nowMs)
          const taken = allowed[choice % allowed.length]
          if (taken === undefined) throw new Error('an admin always has a next step')
          const at = toInstantText(nowMs + step)
          const before = current
          current = applyTransition(before, taken, 'because', at)
          expect(quoteSchema.parse(current)).toEqual(current)
          expect(current.version).toBe(before.version + 1)
          expect(current.updated_at).toBe(at)
          expect(current.outcome !== null).toBe(current.status === 'closed')
          expect(current.closed_at).toBe(current.status === 'closed' ? at : null)
          expect(current.reason).toBe(current.status === 'closed' ? 'because' : null)
          expect(current.sent_at).toBe(current.status === 'sent' ? at : before.sent_at)
        })
      }),
    )
  })

  test('the quote it was made from is left as it was', () => {
    const before = Object.freeze(quote({ status: 'sent' }))
    applyTransition(before, { to: 'closed', outcome: 'won' }, null, toInstantText(nowMs))
    expect(before).toEqual(quote({ status: 'sent' }))
  })
})
