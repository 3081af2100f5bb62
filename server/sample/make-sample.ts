import { v7 } from 'uuid'
import { permissionsIn } from '../../domain/permissions.ts'
import { makeDirectory, type SampleCustomer, type SampleDirectory } from './make-directory.ts'
import { makePredecessor } from './make-predecessor.ts'
import { makeQuote, type SampleQuote, type SampleSetting } from './make-quote.ts'
import { createRandom, type Random } from './random.ts'
import { type Ending, endings } from './stories.ts'

export interface Sample extends SampleDirectory {
  /** Oldest first, so that their numbers rise with time. */
  quotes: SampleQuote[]
}

/** Open quotes that run out in the next week, and such that have run out and wait for somebody to notice. */
const expiringSoon = 52
const expiredButOpen = 24
/** Every lead time of the alert rules and the days between, in an order that gives each rep some of each. */
const soonDays = [1, 3, 0, 7, 2, 5, 4, 6] as const

/** The whole sample workspace as data. The same seed at the same instant gives the same, ids included. */
export function makeSample(seed: number, nowMs: number): Sample {
  const random = createRandom(seed)
  const newId = (atMs: number) => v7({ msecs: atMs, random: random.bytes(16) })
  const setting: SampleSetting = { random, nowMs, newId }
  const directory = makeDirectory(random, () => newId(nowMs))
  const desks = makeDesks(directory)
  const quotes: SampleQuote[] = []
  let openCount = 0
  for (const [ending, count] of endings) {
    if (ending === 'superseded') continue
    for (let index = 0; index < count; index += 1) {
      const expiresInDays = isPipeline(ending) ? expiryOf(openCount, random) : null
      const desk = deskFor(desks, isPipeline(ending) ? openCount : random.int(0, desks.length - 1))
      if (isPipeline(ending)) openCount += 1
      const ownerId = expiresInDays === null && random.chance(0.08) ? desk.managerId : desk.repId
      const customer = random.pick(desk.customers)
      quotes.push(makeQuote({ customer, ownerId, managerId: desk.managerId, ending, expiresInDays }, setting))
    }
  }
  const supersededCount = endings.find(([ending]) => ending === 'superseded')?.[1] ?? 0
  quotes.push(...makePredecessors(quotes, supersededCount, desks, setting))
  return { ...directory, quotes: quotes.sort((a, b) => (a.quote.created_at < b.quote.created_at ? -1 : 1)) }
}

const isPipeline = (ending: Ending) => ending === 'active' || ending === 'sent' || ending === 'negotiation'

/** The pipeline is dealt out evenly: every eighth quote expires soon, some have expired, the rest has time. */
function expiryOf(index: number, random: Random): number | null {
  const turn = Math.floor(index / 8)
  if (index % 8 === 0 && turn < expiringSoon) return soonDays[turn % soonDays.length] ?? null
  if (index % 8 === 4 && turn < expiredButOpen) return -random.int(1, 12)
  return null
}

/** A rep with their manager and the customers of their team. */
interface Desk {
  repId: string
  managerId: string
  customers: readonly SampleCustomer[]
}

function makeDesks({ teams, people, customers }: SampleDirectory): Desk[] {
  return teams.flatMap((team) => {
    const holding = (role: string) =>
      people.filter(({ person }) =>
        person.memberships.some((membership) => membership.team_id === team.id && membership.role === role),
      )
    const manager = holding('manager')[0]
    if (!manager || !permissionsIn(manager.person.memberships, team.id).has('quotes:reopen')) {
      throw new RangeError(`the cast has no manager for ${team.name}`)
    }
    const own = customers.filter((customer) => customer.team.id === team.id)
    return holding('rep').map(({ person }) => ({ repId: person.id, managerId: manager.person.id, customers: own }))
  })
}

function deskFor(desks: readonly Desk[], index: number): Desk {
  const desk = desks[index % desks.length]
  if (!desk) throw new RangeError('the cast has no reps')
  return desk
}

/** Superseded quotes: each the predecessor of one that was made after it. */
function makePredecessors(
  quotes: readonly SampleQuote[],
  count: number,
  desks: readonly Desk[],
  setting: SampleSetting,
): SampleQuote[] {
  const candidates = quotes.filter(({ quote }) => quote.status !== 'draft')
  const stride = Math.floor(candidates.length / count)
  return candidates
    .filter((_, index) => index % stride === 0)
    .slice(0, count)
    .map((successor) => {
      const desk = desks.find(({ customers }) => customers.some(({ team }) => team.id === successor.quote.team_id))
      if (!desk) throw new RangeError('a sample quote belongs to no desk')
      return makePredecessor(successor, desk.managerId, setting)
    })
}
