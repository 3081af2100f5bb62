import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Quote } from '../../../domain/quote.ts'
import { editingIn, makeQuote, rob, team } from '../../../tests/support/engine-world.ts'
import { at, mia, next, OverlayWorld, words } from '../../../tests/support/overlay-world.ts'
import { addNote, changeStatus, createQuote, editQuote, reassign } from '../outbox/edits.ts'
import { listEntries } from './outbox-store.ts'

type Step = (world: OverlayWorld) => void
const some = <Value>(values: Iterable<Value>, which: number): Value | null => {
  const all = [...values]
  return all[which % Math.max(1, all.length)] ?? null
}

const onShown = (act: (world: OverlayWorld, quote: Quote, which: number) => void) =>
  fc.nat(20).map(
    (which): Step =>
      (world) => {
        const quote = some([...world.shown().values()], which)
        if (quote) act(world, quote, which)
      },
  )
const onServed = (act: (world: OverlayWorld, quote: Quote, which: number) => void) =>
  fc.nat(20).map(
    (which): Step =>
      (world) => {
        const quote = some([...world.served.values()], which)
        if (quote) act(world, quote, which)
      },
  )

const fieldsOfNew = (which: number) => {
  const { customer_id, currency, lines, expires_on, time_zone } = makeQuote()
  const title = words[which % words.length] as string
  return { customer_id, currency, lines, expires_on, time_zone, title, value_minor: (which % 3) * 100 }
}
const mine = (world: OverlayWorld) => editingIn(world.cache, { person: mia })

const steps = fc.oneof(
  fc.nat(20).map(
    (which): Step =>
      (world) =>
        world.edit(() => createQuote(mine(world), { ...fieldsOfNew(which), team_id: team.id, owner_id: mia.id }).entry),
  ),
  onShown((world, { id, version }, which) =>
    world.edit(() =>
      editQuote(mine(world), { id, base: { version, fields: {} }, fields: { title: words[which % 4] } }),
    ),
  ),
  onShown((world, { id, version }, which) =>
    world.edit(() =>
      editQuote(mine(world), { id, base: { version, fields: {} }, fields: { value_minor: (which % 3) * 100 } }),
    ),
  ),
  onShown((world, { id, status }) => {
    const to = ({ draft: 'active', active: 'sent', sent: 'closed', negotiation: 'closed', closed: 'closed' } as const)[
      status
    ]
    world.edit(() => changeStatus(mine(world), { id, to, outcome: to === 'closed' ? 'won' : null, reason: null }))
  }),
  onShown((world, { id, owner_id }) =>
    world.edit(() => reassign(mine(world), { id, team_id: team.id, owner_id: owner_id === rob.id ? mia.id : rob.id })),
  ),
  onShown((world, { id }) => world.edit(() => addNote(mine(world), { id, text: 'called' }))),
  fc.nat(9).map(
    (which): Step =>
      (world) =>
        world.discard(which),
  ),
  onServed((world, quote, which) => world.foreign(next(quote, { title: words[which % 4] }))),
  onServed((world, quote, which) => world.foreign(next(quote, { value_minor: 100 + which }))),
  onServed((world, quote) =>
    world.foreign(next(quote, { status: 'closed', outcome: 'lost', closed_at: at, reason: null })),
  ),
  onServed((world, quote) => world.remove(quote)),
  fc.tuple(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), fc.boolean()).map(
    ([refused, answered]): Step =>
      (world) =>
        world.send((n) => refused[n % 3] === true, answered),
  ),
  fc.constant<Step>((world) => world.send(() => false, true)),
  fc.integer({ min: 1, max: 4 }).map(
    (count): Step =>
      (world) =>
        world.receive(count),
  ),
  fc.boolean().map(
    (newEpoch): Step =>
      (world) =>
        world.snapshot(newEpoch),
  ),
  fc.constant<Step>((world) => {
    world.cache = world.temp.reopen()
  }),
)

it('I4, I5, I7, I13, I15: shown = confirmed ⊕ pending after every step, and in the end every edit is answered', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 5, maxLength: 40 }), (schedule) => {
      const world = new OverlayWorld()
      try {
        world.check()
        for (const step of schedule) {
          step(world)
          world.check()
        }
        while (listEntries(world.cache.read).some(({ state }) => state === 'waiting')) world.send(() => false, true)
        world.receive(Infinity)
        world.check()
        expect(world.pending).toEqual([])
        expect(world.shown()).toEqual(world.served)
      } finally {
        world.temp.dispose()
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)
