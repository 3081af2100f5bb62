import type { Prng } from '../../fuzz/support/prng.ts'
import { type ChaosEngine, EngineGoneError } from './chaos-engine.ts'
import type { World } from './chaos-world.ts'

/** An edit that a person made. `certain`: the engine said that it is queued, so it must not get lost. */
export interface Made {
  mark: string
  device: string
  entry: number | null
  certain: boolean
}

/** People at work on one device, until told to stop. */
export async function work(
  engine: ChaosEngine,
  world: World,
  prng: Prng,
  made: Made[],
  nextMark: () => string,
  goesOn: () => boolean,
): Promise<void> {
  while (goesOn()) {
    await pause(5 + prng.int(60))
    if (!engine.isUp()) continue
    const mark = nextMark()
    const record: Made = { mark, device: engine.name, entry: null, certain: false }
    try {
      const entry = await editOnce(engine, world, prng, mark, () => made.push(record))
      if (entry === null) continue
      record.entry = entry
      record.certain = true
    } catch (error) {
      if (error instanceof EngineGoneError) continue
      // The engine's own no, before anything was queued.
      if (isRefusal(error)) made.splice(made.indexOf(record), 1)
      else throw error
    }
  }
}

async function editOnce(
  engine: ChaosEngine,
  world: World,
  prng: Prng,
  mark: string,
  begins: () => void,
): Promise<number | null> {
  const sort = { column: 'updated', direction: prng.chance(0.5) ? 'asc' : 'desc' } as const
  const { rows } = await engine.ask((client) =>
    client.quotes.page({ filter: {}, sort, offset: prng.int(20), limit: 5 }),
  )
  const row = prng.pick(rows)
  if (!row) return null
  begins()
  const kind = prng.int(10)
  if (kind < 5) return (await engine.ask((client) => client.quotes.addNote({ id: row.id, text: mark }))).entry
  if (kind < 8) {
    const { quote, base_version } = await engine.ask((client) => client.quotes.get({ id: row.id }))
    const base = { version: base_version, fields: { title: quote.title } }
    return (await engine.ask((client) => client.quotes.edit({ id: row.id, base, fields: { title: mark } }))).entry
  }
  if (kind < 9) {
    const { allowed } = await engine.ask((client) => client.quotes.get({ id: row.id }))
    const step = prng.pick(allowed)
    if (!step) throw new EngineGoneError('no step is allowed')
    const wish = { id: row.id, to: step.to, outcome: step.outcome, reason: mark }
    return (await engine.ask((client) => client.quotes.changeStatus(wish))).entry
  }
  const owner = engine.name === 'mia' ? world.mia : world.rob
  const draft = {
    team_id: world.north.id,
    owner_id: owner.id,
    customer_id: world.acme.id,
    title: mark,
    currency: 'EUR',
    lines: [],
    value_minor: 100,
    expires_on: null,
    time_zone: 'Europe/Berlin',
  }
  return (await engine.ask((client) => client.quotes.create(draft))).entry
}

function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'refused' || code === 'not_found'
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
