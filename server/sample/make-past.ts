import { toInstantText } from '../../domain/time.ts'
import type { PastEntry } from '../quotes/add-quote.ts'
import type { Random } from './random.ts'
import { reasonFor, type StoryStep } from './stories.ts'

/** Who takes the steps of a story. */
export interface Parties {
  ownerId: string
  managerId: string
}

export function makePast(
  story: readonly StoryStep[],
  instants: readonly number[],
  { ownerId, managerId }: Parties,
  random: Random,
): PastEntry[] {
  const actors = { owner: ownerId, manager: managerId, policy: null }
  return story.map(({ to, outcome, by }, index) => {
    const atMs = instants[index]
    if (atMs === undefined) throw new RangeError(`step ${index} of a story has no instant`)
    return {
      kind: index === 0 ? 'created' : 'transition',
      from_status: story[index - 1]?.to ?? null,
      to_status: to,
      outcome,
      reason: reasonFor(outcome, random),
      actor_id: actors[by],
      at: toInstantText(atMs),
    }
  })
}
