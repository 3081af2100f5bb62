import type { ShownConflict } from '../../domain/rpc/quotes.ts'

export type Side = 'mine' | 'theirs'
type Field = ShownConflict['field']

/** What a person chose, and against which value of theirs: when that changes again, the choice is void. */
export type Choices = ReadonlyMap<Field, { side: Side; against: string }>

export const noChoices: Choices = new Map()

const againstOf = (conflict: ShownConflict) => JSON.stringify(conflict.theirs)

/** The chosen side, or null: nothing stands before a person has seen it. */
export function chosenSide(choices: Choices, conflict: ShownConflict): Side | null {
  const choice = choices.get(conflict.field)
  return choice?.against === againstOf(conflict) ? choice.side : null
}

export function choose(choices: Choices, conflicts: readonly ShownConflict[], side: Side): Choices {
  const next = new Map(choices)
  for (const conflict of conflicts) next.set(conflict.field, { side, against: againstOf(conflict) })
  return next
}

/** Fields that nobody has chosen for. */
export const undecided = (choices: Choices, conflicts: readonly ShownConflict[]): ShownConflict[] =>
  conflicts.filter((conflict) => chosenSide(choices, conflict) === null)

/** Fields in which the person's own value shall stand. */
export const mineOf = (choices: Choices, conflicts: readonly ShownConflict[]): Field[] =>
  conflicts.filter((conflict) => chosenSide(choices, conflict) === 'mine').map(({ field }) => field)
