import { expect, it } from 'vitest'
import type { ShownConflict } from '../../domain/rpc/quotes.ts'
import { choose, chosenSide, mineOf, noChoices, undecided } from './conflict-choices.ts'

const about = { by_name: 'Mia Wolf', at: '2026-11-20T10:00:00.000Z' }
const value: ShownConflict = { field: 'value_minor', base: 1, mine: 2, theirs: 3, ...about }
const title: ShownConflict = { field: 'title', base: 'a', mine: 'b', theirs: 'c', ...about }
const both = [value, title]

it('nothing is chosen by itself', () => {
  expect(undecided(noChoices, both)).toEqual(both)
  expect(mineOf(noChoices, both)).toEqual([])
})

it('each field is chosen for itself, or all at once', () => {
  const one = choose(noChoices, [value], 'mine')
  expect(undecided(one, both)).toEqual([title])
  expect(mineOf(choose(one, [title], 'theirs'), both)).toEqual(['value_minor'])
  expect(mineOf(choose(one, both, 'mine'), both)).toEqual(['value_minor', 'title'])
  expect(mineOf(choose(one, both, 'theirs'), both)).toEqual([])
})

it('a choice is void once theirs is another value than the person saw', () => {
  const choices = choose(noChoices, both, 'mine')
  const moved = { ...value, theirs: 4 }
  expect(chosenSide(choices, moved)).toBeNull()
  expect(undecided(choices, [moved, title])).toEqual([moved])
})
