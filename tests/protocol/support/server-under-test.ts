import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { databaseFile } from '../../../server/config.ts'
import { setMemberships, voidSessions } from '../../../server/people/commands.ts'
import { backupTo } from '../../../server/store/backup.ts'
import { password, startRestartableServer } from '../../integration/support/restartable-server.ts'
import { emailOf } from '../../integration/support/world.ts'
import { PlainClient } from './plain-client.ts'

/**
 * What the suite asks of a server: two teams, somebody of each role in the first, a rep in the second, one customer, and a
 * hand on what only its operator can do. Another implementation of the protocol puts its own in here.
 */
export interface ServerUnderTest {
  url: string
  org: string
  north: { id: string; stream: string }
  south: { id: string; stream: string }
  customer: string
  /** A signed-in client of its own: manager, rep and viewer of north, rep of south. */
  as(who: 'mia' | 'rob' | 'vic' | 'sue'): Promise<PlainClient>
  personId(who: 'mia' | 'rob' | 'vic' | 'sue'): string
  /** Takes the person out of every team. */
  revoke(who: 'rob' | 'vic'): Promise<void>
  endSessionsOf(who: 'rob' | 'vic'): Promise<void>
  /** Puts a backup of now in the database's place: a new history. */
  restoreBackup(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startServerUnderTest(): Promise<ServerUnderTest> {
  const server = await startRestartableServer()
  const { world } = server
  const clients: PlainClient[] = []
  return {
    url: server.url,
    org: world.org,
    north: world.north,
    south: world.south,
    customer: world.acme.id,
    as: async (who) => {
      const client = await new PlainClient(server.url).signIn(emailOf(world[who]), password)
      clients.push(client)
      return client
    },
    personId: (who) => world[who].id,
    revoke: async (who) => {
      await server.store().transact((tx) => setMemberships(tx, world[who].id, []))
    },
    endSessionsOf: (who) => server.store().transact((tx) => voidSessions(tx, world[who].id)),
    restoreBackup: async () => {
      const copy = path.join(server.dir, 'backup.db')
      await backupTo(server.store(), copy)
      await server.stop()
      const file = databaseFile(server.dir)
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      copyFileSync(copy, file)
      await server.start()
    },
    restart: async () => {
      await server.stop()
      await server.start()
    },
    stop: async () => {
      for (const client of clients) client.close()
      await server.dispose()
    },
  }
}
