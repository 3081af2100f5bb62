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

test('a button on a toast does what it says: the quote is lost, and the toast is gone', async () => {
  const page = await client.signIn(server.rep)
  await lookAway(page)
  const label = await server.addExpiring(1)
  await expect.poll(() => desktop.seen, { timeout: 10_000 }).toHaveLength(1)
  await expect.poll(() => desktop.standing()).toBe(1)
  await desktop.clickToast('mark_lost')
  const row = page.getByRole('row', { name: new RegExp(label) })
  await expect(row).toContainText('lost')
  await expect.poll(() => desktop.standing()).toBe(0)
  await desktop.screenshot(join(projectRoot, 'artifacts', 'toast-mark-lost.png'))
})

test('a toast that its person closes is dealt with, one that times out stands in the centre', async () => {
  test.setTimeout(90_000)
  const page = await client.signIn(server.rep)
  await lookAway(page)
  const closed = await server.addExpiring(1)
  await expect.poll(() => desktop.standing(), { timeout: 10_000 }).toBe(1)
  await desktop.clickToast('cross')
  await expect.poll(() => desktop.standing()).toBe(0)
  const ignored = await server.addExpiring(3)
  await expect.poll(() => desktop.standing(), { timeout: 10_000 }).toBe(1)
  await expect.poll(() => desktop.standing(), { timeout: 40_000 }).toBe(0)
  await page.getByRole('button', { name: /^Alerts/ }).click()
  const list = page.getByRole('grid', { name: 'Alerts' })
  await expect(list).toContainText(ignored)
  await expect(list).not.toContainText(closed)
  await desktop.screenshot(join(projectRoot, 'artifacts', 'toast-timed-out.png'))
})

test('without a daemon alerts come in the window, and the person is told why', async () => {
  const page = await client.signIn(server.rep)
  await lookAway(page)
  await desktop.endDaemon()
  await page.getByRole('button', { name: /Live/ }).first().click()
  await expect(page.getByText(/notification daemon ended/)).toBeVisible()
  const label = await server.addExpiring(1)
  await expect(page.getByText(`${label} expires tomorrow`).first()).toBeVisible()
  expect(desktop.seen).toEqual([])
  await desktop.screenshot(join(projectRoot, 'artifacts', 'toast-in-window.png'))
})
