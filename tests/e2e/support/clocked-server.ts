import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { addDays, localDate } from '../../../domain/expiry.ts'
import type { SampleAccount } from '../../../domain/host/messages.ts'
import type { Clock } from '../../../domain/time.ts'
import { hashPassword } from '../../../server/auth/passwords.ts'
import { systemClock } from '../../../server/clock.ts'
import { serverConfig } from '../../../server/config.ts'
import { newEntityId } from '../../../server/ids.ts'
import { createLog } from '../../../server/log.ts'
import { addQuote } from '../../../server/quotes/add-quote.ts'
import { createServer } from '../../../server/server.ts'
import { emailOf, seedWorld, tempDataDir } from '../../integration/support/world.ts'
import type { ClientSetting } from './client.ts'

const timeZone = 'Europe/Berlin'
const password = 'correct horse battery staple'

/**
 * The machine's clock moved to the next Monday, 10:00 in Berlin. A client takes its "now" from its server, so a server
 * with this clock makes it working hours for the client too, on whatever day the tests run.
 */
export function nextMondayMorning(): Clock {
  const now = Temporal.Now.instant()
  const here = now.toZonedDateTimeISO(timeZone)
  const monday = here.toPlainDate().add({ days: 8 - here.dayOfWeek })
  const then = monday.toZonedDateTime({ timeZone, plainTime: '10:00' })
  const offsetMs = then.epochMilliseconds - now.epochMilliseconds
  return { nowMs: () => systemClock.nowMs() + offsetMs }
}

export interface ClockedServer extends ClientSetting {
  /** A rep in Berlin. */
  rep: SampleAccount
  /** Adds a sent quote of the rep's that is valid until `days` from the server's today; returns its label. */
  addExpiring(days: number): Promise<string>
  stop(): Promise<void>
}

/** The real server with a world of one rep, on a clock of the test's choosing. */
export async function startClockedServer(clock: Clock): Promise<ClockedServer> {
  const { dir, remove } = tempDataDir()
  const server = createServer(serverConfig({ dataDir: dir, port: 0, beatMs: 500 }), { clock, log: createLog('silent') })
  const { url, store } = await server.start()
  const world = await seedWorld(store, await hashPassword(password))
  const rep = { name: world.rob.name, role: 'rep', email: emailOf(world.rob), password }
  const sampleFile = join(dir, 'sample-accounts.json')
  await writeFile(sampleFile, JSON.stringify([rep]))
  return {
    server: { url },
    dataDir: dir,
    sampleFile,
    rep,
    addExpiring: async (days) => {
      const quote = await store.transact((tx) =>
        addQuote(
          tx,
          {
            id: newEntityId(tx.nowMs),
            team_id: world.north.id,
            owner_id: world.rob.id,
            customer_id: world.acme.id,
            title: 'Ten desks',
            status: 'sent',
            outcome: null,
            reason: null,
            value_minor: 450_000,
            currency: 'EUR',
            lines: [{ product: 'Desk', description: '', quantity: 10, unit_price_minor: 45_000 }],
            expires_on: addDays(localDate(clock.nowMs(), timeZone), days),
            time_zone: timeZone,
            sent_at: tx.at,
            closed_at: null,
            created_at: tx.at,
            updated_at: tx.at,
          },
          [
            {
              kind: 'imported',
              from_status: null,
              to_status: 'sent',
              outcome: null,
              reason: null,
              actor_id: world.rob.id,
              at: tx.at,
            },
          ],
        ),
      )
      return `Q-${quote.quote_id}`
    },
    stop: async () => {
      await server.stop()
      remove()
    },
  }
}
