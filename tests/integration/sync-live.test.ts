import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

let server: RestartableServer
let engine: TestEngine

beforeEach(async () => {
  server = await startRestartableServer()
  engine = startTestEngine({ serverUrl: server.url, dataDir: `${server.dir}/rob`, clock: server.clock })
})
afterEach(async () => {
  await engine.stop()
  await server.dispose()
})

const signIn = () => engine.client.session.signIn({ email: emailOf(server.world.rob), password })

describe('a new client', () => {
  it('takes a snapshot of what its person may read, with history, customer and colleagues', async () => {
    const { world } = server
    const quote = await server.store().transact((tx) => addDraft(tx, world))
    await server.store().transact((tx) => addDraft(tx, world, { team_id: world.south.id, owner_id: world.sue.id }))
    await signIn()
    await engine.becomes('live')
    const page = await engine.page()
    expect(page.total).toBe(1)
    expect(page.rows[0]).toMatchObject({
      id: quote.id,
      customer_name: 'Acme Corp',
      owner_name: 'Rob',
      team_name: 'North',
    })
    const detail = await engine.client.quotes.get({ id: quote.id })
    expect(detail.quote).toEqual(quote)
    expect(detail.history).toMatchObject([{ kind: 'created', version: 1, actor_name: 'Rob' }])
    expect(detail.allowed.map(({ label }) => label)).toEqual(['active', 'closed (withdrawn)'])
    expect((await engine.client.directory.get()).people.map(({ name }) => name)).toEqual(['Mia', 'Rob', 'Sue', 'Vic'])
  })

  it('sees a change of somebody else at once', async () => {
    const { world } = server
    const quote = await server.store().transact((tx) => addDraft(tx, world))
    await signIn()
    await engine.becomes('live')
    await server
      .store()
      .transact((tx) => changeStatus(tx, quote, { transition: { to: 'active' }, reason: null }, world.mia))
    await expect.poll(async () => (await engine.client.quotes.get({ id: quote.id })).quote.status).toBe('active')
    const { history } = await engine.client.quotes.get({ id: quote.id })
    expect(history.at(-1)).toMatchObject({ kind: 'transition', to_status: 'active', actor_name: 'Mia' })
  })
})
