/** A small seeded generator: the same seed gives the same run on every machine. */
export interface Prng {
  /** Uniform in [0, 1). */
  next: () => number
  /** Uniform in 0 … bound − 1. */
  int: (bound: number) => number
  chance: (probability: number) => boolean
  pick: <Item>(items: readonly Item[]) => Item | undefined
  /** One key of the table, as often as its weight says. */
  weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => Key
}

/** @param seed any integer; only its lowest 32 bits count */
export function createPrng(seed: number): Prng {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const int = (bound: number) => Math.floor(next() * bound)
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(items.length)],
    weighted: (weights) => {
      const entries = Object.entries(weights) as [keyof typeof weights, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      throw new RangeError('a table of weights needs one that is not 0')
    },
  }
}

/** A UUIDv7 at `nowMs` whose random part comes from the generator. */
export function seededId(prng: Prng, nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0')
  const hex = (digits: number) => Array.from({ length: digits }, () => prng.int(16).toString(16)).join('')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`
}

/** A UUIDv4 from the generator. */
export function seededUuid(prng: Prng): string {
  const hex = (digits: number) => Array.from({ length: digits }, () => prng.int(16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
}
