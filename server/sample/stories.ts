import type { Outcome, Status } from '../../domain/quote.ts'
import type { Random } from './random.ts'

/** One step of a quote's life. `by`: whose step it is; policy is the server itself. */
export interface StoryStep {
  to: Status
  outcome: Outcome | null
  by: 'owner' | 'manager' | 'policy'
}

export type Ending = Exclude<Status, 'closed'> | Outcome

/** How many quotes end where: 2,000 in all. */
export const endings: ReadonlyArray<[ending: Ending, count: number]> = [
  ['draft', 150],
  ['active', 110],
  ['sent', 180],
  ['negotiation', 140],
  ['won', 640],
  ['lost', 480],
  ['expired', 110],
  ['withdrawn', 130],
  ['superseded', 60],
]

const step = (to: Exclude<Status, 'closed'>): StoryStep => ({ to, outcome: null, by: 'owner' })
const close = (outcome: Outcome, by: StoryStep['by'] = 'owner'): StoryStep => ({ to: 'closed', outcome, by })

const toActive = [step('draft'), step('active')]
const toSent = [...toActive, step('sent')]
const toNegotiation = [...toSent, step('negotiation')]
/** Re-issued with changes, after talking. */
const reissued = [...toNegotiation, step('sent')]
/** Taken back once before it went out. */
const takenBack = [...toActive, step('draft'), step('active'), step('sent')]

/** From the first draft to the ending, every step one that the workflow allows. */
export function makeStory(ending: Ending, random: Random): StoryStep[] {
  switch (ending) {
    case 'draft':
      return random.chance(0.15) ? [...toActive, step('draft')] : [step('draft')]
    case 'active':
      return toActive
    case 'sent':
      return random.pick([toSent, toSent, takenBack, reissued])
    case 'negotiation':
      return random.chance(0.3) ? [...reissued, step('negotiation')] : toNegotiation
    case 'won':
      if (random.chance(0.06))
        return [...toNegotiation, close('lost'), { ...step('negotiation'), by: 'manager' }, close('won')]
      return [...random.pick([toSent, toNegotiation, toNegotiation, reissued]), close('won')]
    case 'lost':
      return [...random.pick([toSent, toNegotiation, reissued]), close('lost')]
    case 'expired':
      return [...random.pick([toActive, toSent, toSent, toNegotiation]), close('expired', 'policy')]
    case 'withdrawn':
      return [...random.pick([[step('draft')], toActive, toSent, toNegotiation]), close('withdrawn')]
    case 'superseded':
      return [...random.pick([toSent, toNegotiation]), close('superseded')]
    default:
      return ending satisfies never
  }
}

const reasons: Partial<Record<Outcome, readonly string[]>> = {
  lost: [
    'The price was too high',
    'A competitor was chosen',
    'The budget was moved to next year',
    'Delivery would take too long',
    'No decision was made',
  ],
  withdrawn: ['The project was cancelled', 'The customer asks for something else now', 'Made twice by mistake'],
  expired: ['Not answered before the valid-until date'],
  superseded: ['Replaced by a newer quote'],
}

export function reasonFor(outcome: Outcome | null, random: Random): string | null {
  const known = outcome === null ? undefined : reasons[outcome]
  return known ? random.pick(known) : null
}
