import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Customer, Person, Team } from '../../../domain/directory.ts'
import type { Role } from '../../../domain/permissions.ts'
import type { Quote } from '../../../domain/quote.ts'
import { type Clock, toEpochMs } from '../../../domain/time.ts'
import type { StreamName } from '../../../domain/wire/stream-name.ts'
import { orgStream, teamStream } from '../../../domain/wire/stream-name.ts'
import { saveCustomer } from '../../../server/customers/commands.ts'
import { newEntityId } from '../../../server/ids.ts'
import { saveCredentials, savePerson, saveTeam } from '../../../server/people/commands.ts'
import { createQuote } from '../../../server/quotes/add-quote.ts'
import { openStore, type Store } from '../../../server/store/store.ts'
import type { Tx } from '../../../server/store/tx.ts'
import { ensureWorkspace } from '../../../server/workspace/ensure.ts'

/** A clock that stands still until told. */
export interface HandClock extends Clock {
  set(instant: string): void
  advance(ms: number): void
}

export function handClock(instant = '2026-03-06T10:00:00.000Z'): HandClock {
  let nowMs = toEpochMs(instant)
  return {
    nowMs: () => nowMs,
    set: (text) => {
      nowMs = toEpochMs(text)
    },
    advance: (ms) => {
      nowMs += ms
    },
  }
}

/** A data folder of its own for each test, and a way to be rid of it. */
export function tempDataDir(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'quotedesk-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** A real database in a folder of its own. */
export async function tempStore(clock: Clock = handClock()): Promise<{
  store: Store
  file: string
  dir: string
  close: () => Promise<void>
}> {
  const { dir, remove } = tempDataDir()
  const file = path.join(dir, 'server', 'quotedesk.db')
  const store = await openStore({ file, clock })
  return {
    store,
    file,
    dir,
    close: async () => {
      await store.close()
      remove()
    },
  }
}

/** Two teams that may not see each other's quotes, with a person of each role. */
export interface World {
  org: StreamName
  north: Team & { stream: StreamName }
  south: Team & { stream: StreamName }
  /** Manager, rep and viewer of north, rep of south. */
  mia: Person
  rob: Person
  vic: Person
  sue: Person
  acme: Customer
}

export const emailOf = (person: Person): string => `${person.name.toLowerCase()}@example.com`

export function seedWorld(store: Store, passwordHash: string | null = null): Promise<World> {
  return store.transact(async (tx) => {
    const workspace = await ensureWorkspace(tx, 'Test')
    const team = async (name: string) => {
      const made = { id: newEntityId(tx.nowMs), name }
      await saveTeam(tx, made)
      return { ...made, stream: teamStream(made.id) }
    }
    const north = await team('North')
    const south = await team('South')
    const person = async (name: string, teamId: string, role: Role) => {
      const made: Person = {
        id: newEntityId(tx.nowMs),
        name,
        time_zone: 'Europe/Berlin',
        active: true,
        memberships: [{ team_id: teamId, role }],
      }
      await savePerson(tx, made)
      await saveCredentials(tx, { person_id: made.id, email: emailOf(made), password_hash: passwordHash })
      return made
    }
    const acme = {
      id: newEntityId(tx.nowMs),
      name: 'Acme Corp',
      sector: null,
      country: null,
      contact_name: null,
      contact_email: null,
    }
    await saveCustomer(tx, acme)
    return {
      org: orgStream(workspace.id),
      north,
      south,
      mia: await person('Mia', north.id, 'manager'),
      rob: await person('Rob', north.id, 'rep'),
      vic: await person('Vic', north.id, 'viewer'),
      sue: await person('Sue', south.id, 'rep'),
      acme,
    }
  })
}

/** A complete draft of 4,500.00 EUR, valid until 2026-03-13 in Berlin, unless told otherwise. */
export function addDraft(tx: Tx, world: World, given: Partial<Quote> = {}): Promise<Quote> {
  return createQuote(
    tx,
    {
      id: newEntityId(tx.nowMs),
      team_id: world.north.id,
      owner_id: world.rob.id,
      customer_id: world.acme.id,
      title: 'Ten desks',
      value_minor: 450_000,
      currency: 'EUR',
      lines: [{ product: 'Desk', description: '', quantity: 10, unit_price_minor: 45_000 }],
      expires_on: '2026-03-13',
      time_zone: 'Europe/Berlin',
      ...given,
    },
    world.rob.id,
  )
}
