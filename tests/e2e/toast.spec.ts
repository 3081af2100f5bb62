import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { lookAway } from './support/attention.ts'
import { projectRoot } from './support/child.ts'
import { TestClient } from './support/client.ts'
import { type ClockedServer, nextMondayMorning, startClockedServer } from './support/clocked-server.ts'
import { Desktop } from './support/desktop.ts'

let desktop: Desktop
let server: ClockedServer
let client: TestClient

test.beforeEach(async ({ browser }) => {
  desktop = await Desktop.start()
  server = await startClockedServer(nextMondayMorning())
  client = new TestClient(browser, server, 'rep')
  await client.start()
})

test.afterEach(async () => {
  await client.dispose()
  await server.stop()
  await desktop.stop()
})

test('a quote about to expire raises a real toast in working hours, and a click on it opens the quote', async () => {
  const page = await client.signIn(server.rep)
  await lookAway(page)
  const label = await server.addExpiring(1)
  await expect.poll(() => desktop.seen, { timeout: 10_000 }).toHaveLength(1)
  expect(desktop.seen[0]?.title).toBe(`${label} expires tomorrow`)
  expect(desktop.seen[0]?.body).toContain('Acme Corp')
  await desktop.screenshot(join(projectRoot, 'artifacts', 'toast.png'))

  await expect(page.getByRole('region', { name: 'Quote' })).toBeHidden()
  await desktop.clickToast()
  const quote = page.getByRole('region', { name: 'Quote' })
  await expect(quote).toBeVisible()
  await expect(quote).toContainText(label)
  await desktop.screenshot(join(projectRoot, 'artifacts', 'toast-clicked.png'))
})

test('I18: a toast is shown once, also when the client is started again', async () => {
  await lookAway(await client.signIn(server.rep))
  const label = await server.addExpiring(0)
  await expect.poll(() => desktop.seen, { timeout: 10_000 }).toHaveLength(1)
  await client.stop()
  await client.start()
  await lookAway(await client.signIn(server.rep))
  // A second quote is what can be waited for: were the first shown again, it would come before.
  const second = await server.addExpiring(1)
  await expect
    .poll(() => desktop.seen.map(({ title }) => title), { timeout: 10_000 })
    .toEqual([`${label} expires today`, `${second} expires tomorrow`])
})
