import type { Prng } from './prng.ts'

/** Something on its way between two processes. */
export type Parcel =
  | { kind: 'request'; to: 'server'; of: number; run: () => void; fail: () => void; label: string }
  | {
      kind: 'answer'
      to: 'client'
      of: number
      run: () => void
      fail: () => void
      cut: (() => void) | null
      label: string
    }
  | { kind: 'hint'; to: 'client' | 'server'; of: number; link: number; name: string; run: () => void; label: string }

/** How unkind the network is in one step; probabilities by parcel. */
export interface Unkindness {
  lose: number
  twice: number
  outOfOrder: number
  cut: number
}

export const kind: Unkindness = { lose: 0, twice: 0, outOfOrder: 0, cut: 0 }

/**
 * Everything under way, in the order of sending. A connection keeps its order, as TCP does, but hints may be lost, doubled
 * and shuffled: the protocol promises nothing of them. `welcome` is always the first and the end always the last.
 */
export interface SimNetwork {
  send: (parcel: Parcel) => void
  /** Moves one parcel on. @returns what and how, null when nothing is under way (to or from `only`) */
  moveOne: (prng: Prng, unkind: Unkindness, only?: number) => string | null
  /** What was to or from the client is lost; its requests fail. */
  lose: (client: number) => void
  /** Requests and answers under way break, hints are lost: the server is gone. */
  loseAll: () => void
  /** Nothing passes, and nobody is told. */
  freeze: (client: number, frozen: boolean) => void
  isFrozen: (client: number) => boolean
  count: () => number
}

const ordered = new Set(['welcome', 'ended', 'closed', 'connect'])

export function createNetwork(): SimNetwork {
  let parcels: Parcel[] = []
  const frozen = new Set<number>()

  const movable = (only?: number) =>
    parcels.filter(
      (parcel, index) =>
        (only === undefined || parcel.of === only) &&
        !frozen.has(parcel.of) &&
        (parcel.kind !== 'hint' || !parcels.slice(0, index).some((before) => blocks(before, parcel))),
    )
  const firstOfLinks = (candidates: readonly Parcel[]) => {
    const seen = new Set<string>()
    return candidates.filter((parcel) => {
      if (parcel.kind !== 'hint') return true
      const line = `${parcel.link} ${parcel.to}`
      if (seen.has(line)) return false
      seen.add(line)
      return true
    })
  }
  const take = (parcel: Parcel) => {
    parcels = parcels.filter((other) => other !== parcel)
  }

  return {
    send: (parcel) => {
      // A dead line takes hints and says nothing; a request waits for its time-out.
      if (frozen.has(parcel.of) && parcel.kind === 'hint') return
      parcels.push(parcel)
    },
    moveOne: (prng, unkind, only) => {
      const all = movable(only)
      const parcel = prng.pick(prng.chance(unkind.outOfOrder) ? all : firstOfLinks(all))
      if (!parcel) return null
      if (parcel.kind === 'hint') {
        const mayBe = !ordered.has(parcel.name)
        const twice = mayBe && prng.chance(unkind.twice)
        if (!twice) take(parcel)
        const lost = mayBe && prng.chance(unkind.lose)
        if (!lost) parcel.run()
        return `${parcel.label}${lost ? ', lost' : ''}${twice ? ', comes again' : ''}`
      }
      const twice = parcel.kind === 'request' && prng.chance(unkind.twice)
      if (!twice) take(parcel)
      const words = `${parcel.kind} ${parcel.label}`
      if (!twice && prng.chance(unkind.lose)) {
        parcel.fail()
        return `${words}, lost`
      }
      if (parcel.kind === 'answer' && parcel.cut && prng.chance(unkind.cut)) {
        parcel.cut()
        return `${words}, cut short`
      }
      parcel.run()
      return `${words}${twice ? ', comes again' : ''}`
    },
    lose: (client) => {
      const lost = parcels.filter((parcel) => parcel.of === client)
      parcels = parcels.filter((parcel) => parcel.of !== client)
      for (const parcel of lost) if (parcel.kind !== 'hint') parcel.fail()
    },
    loseAll: () => {
      const lost = parcels
      parcels = []
      for (const parcel of lost) if (parcel.kind !== 'hint') parcel.fail()
    },
    freeze: (client, isFrozen) => {
      if (isFrozen) frozen.add(client)
      else frozen.delete(client)
    },
    isFrozen: (client) => frozen.has(client),
    count: () => parcels.length,
  }
}

/** Whether `before` has to arrive first. */
function blocks(before: Parcel, parcel: Extract<Parcel, { kind: 'hint' }>): boolean {
  if (before.kind !== 'hint' || before.link !== parcel.link || before.to !== parcel.to) return false
  return ordered.has(before.name) || ordered.has(parcel.name)
}
