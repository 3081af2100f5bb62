import { expect, it } from 'vitest'
import type { PendingChange } from '../../domain/rpc/quotes.ts'
import { makeChange } from '../../tests/support/renderer/rows.ts'
import { createRefusalWatch } from './refusal-watch.ts'

const waiting = (entry: number) => makeChange(entry)
const refused = (entry: number): PendingChange =>
  makeChange(entry, {
    state: { kind: 'refused', code: 'failed', message: 'No.', conflicts: [], can_retry: true, current_version: null },
  })

function setUp() {
  const watch = createRefusalWatch()
  return { ...watch, fresh: () => watch.store.getState().fresh.map(({ entry }) => entry) }
}

it('what was refused before the window opened is not told again', () => {
  const watch = setUp()
  watch.take([refused(1), waiting(2)])
  expect(watch.fresh()).toEqual([])
})

it('a refusal is told once, also of a change never seen waiting', () => {
  const watch = setUp()
  watch.take([refused(1), waiting(2)])
  watch.take([refused(1), refused(2), refused(3)])
  expect(watch.fresh()).toEqual([2, 3])
  watch.told()
  watch.take([refused(1), refused(2), refused(3)])
  expect(watch.fresh()).toEqual([])
})

it('a refusal that is settled before it could be told is not told', () => {
  const watch = setUp()
  watch.take([])
  watch.take([refused(1), refused(2)])
  watch.take([refused(2)])
  expect(watch.fresh()).toEqual([2])
})

it('the next person’s old refusals are old as well', () => {
  const watch = setUp()
  watch.take([])
  watch.take([refused(1)])
  watch.forget()
  watch.take([refused(7)])
  expect(watch.fresh()).toEqual([])
})
