import { Temporal } from 'temporal-polyfill'
import { liveQuote } from './support/quotes.ts'
import { expect, test } from './support/test.ts'
import { QuoteWindow } from './support/window.ts'

const refused = async (window: QuoteWindow) => ((await window.chip.textContent()) ?? '').includes('1 refused')
/** After a while offline the next try may be half a minute away. */
const reconnects = { timeout: 60_000 }
const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 1 }).toString()

test('signing in to the sample workspace takes one click, and the quotes are there', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect(window.chip).toContainText('Live')
  await expect(window.rows().first()).toBeVisible()
  await expect.poll(() => window.count()).toBeGreaterThan(500)
})

test('a wrong password is refused in words, and the right one goes on', async ({ client, workspace }) => {
  const page = await client.openWindow()
  const account = workspace.account('rep')
  await page.getByLabel('E-mail').fill(account.email)
  await page.getByLabel('Password').fill('not it')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText(/e-mail|password/i)
  await page.getByLabel('Password').fill(account.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(new QuoteWindow(page).rows().first()).toBeVisible()
})

test('a change by a colleague shows in a second window, and the pipeline moves', async ({ newClient, workspace }) => {
  const api = await workspace.server.as(workspace.account('manager'))
  const quote = await liveQuote(api, 'negotiation', tomorrow)
  const label = `Q-${quote.quote_id}`
  const rep = new QuoteWindow(await (await newClient('rep')).signIn(workspace.account('rep')))
  const manager = new QuoteWindow(await (await newClient('manager')).signIn(workspace.account('manager')))
  await expect(rep.chip).toContainText('Live')
  const openBefore = Number(await rep.figure('Open'))
  await rep.open(label)
  await manager.open(label)

  await manager.take(/lost/i, 'A cheaper offer')

  await expect(rep.rows().filter({ hasText: label })).toContainText('lost')
  await expect(rep.pane).toContainText('lost')
  await expect.poll(() => rep.figure('Open')).toBe(String(openBefore - 1))
  await rep.pane.getByRole('tab', { name: 'History' }).click()
  await expect(rep.pane).toContainText('A cheaper offer')
})

test('the status menu offers exactly the allowed next states', async ({ client, workspace }) => {
  const api = await workspace.server.as(workspace.account('rep'))
  const quote = await liveQuote(api, 'sent', tomorrow)
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await window.open(`Q-${quote.quote_id}`)
  const steps = await window.steps()
  expect(steps).toHaveLength(4)
  for (const [index, word] of ['negotiat', 'won', 'lost', 'withdraw'].entries()) {
    expect(steps[index]?.toLowerCase()).toContain(word)
  }
})

test('without a server everything still browses, filters, searches and accepts changes; later it catches up unasked', async ({
  client,
  workspace,
}) => {
  const api = await workspace.server.as(workspace.account('rep'))
  const quote = await liveQuote(api, 'sent', tomorrow)
  const other = await liveQuote(api, 'sent', tomorrow, 1)
  const label = `Q-${quote.quote_id}`
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect(window.chip).toContainText('Live')

  await workspace.server.kill()
  await expect(window.chip).toContainText('Offline since')
  await window.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Won' }).click()
  await expect(window.rows().first()).toContainText('won')
  await window.page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: 'Quotes', exact: true })
    .click()
  await window.open(label)
  await window.take(/negotiat/i)
  await expect(window.rows().filter({ hasText: label })).toContainText('negotiation')
  await expect(window.chip).toContainText('1 change waiting')

  await workspace.server.start()
  await expect(window.chip).toContainText('Live', reconnects)
  await expect(window.chip).not.toContainText('waiting')
  const again = await workspace.server.as(workspace.account('rep'))
  expect(await again.get(`/quotes/${quote.id}`)).toMatchObject({ status: 'negotiation' })

  await again.post('/quotations/update-status', { quote_id: other.quote_id, status: 'negotiation' })
  await window.search(String(other.quote_id))
  await expect(window.rows().filter({ hasText: `Q-${other.quote_id}` })).toContainText('negotiation')
})

test('I5: of two changes made offline to one status, one is refused with the reason, and says what to do', async ({
  newClient,
  workspace,
}) => {
  const api = await workspace.server.as(workspace.account('rep'))
  const quote = await liveQuote(api, 'sent', tomorrow)
  const label = `Q-${quote.quote_id}`
  const windows = [
    new QuoteWindow(await (await newClient('rep')).signIn(workspace.account('rep'))),
    new QuoteWindow(await (await newClient('manager')).signIn(workspace.account('manager'))),
  ]
  for (const window of windows) await expect(window.chip).toContainText('Live')
  await workspace.server.kill()
  for (const [index, window] of windows.entries()) {
    await expect(window.chip).toContainText('Offline since')
    await window.open(label)
    await (index === 0 ? window.take(/negotiat/i) : window.take(/lost/i, 'Went elsewhere'))
    await expect(window.chip).toContainText('1 change waiting')
  }

  await workspace.server.start()

  for (const window of windows) await expect(window.chip).toContainText('Live', reconnects)
  await expect
    .poll(async () => (await Promise.all(windows.map(refused))).filter(Boolean).length, { timeout: 20_000 })
    .toBe(1)
  const loser = (await refused(windows[0]!)) ? windows[0]! : windows[1]!
  await expect(loser.pane.locator('.refusal')).toContainText(/changed|conflict/i)
  await loser.pane.getByRole('button', { name: /^Discard/ }).click()
  await expect(loser.chip).not.toContainText('refused')
  const truth = (await (await workspace.server.as(workspace.account('rep'))).get(`/quotes/${quote.id}`)) as {
    status: string
  }
  await expect(loser.rows().filter({ hasText: label })).toContainText(
    truth.status === 'closed' ? 'lost' : 'negotiation',
  )
})

test('a change made offline can be taken back before it is sent', async ({ client, workspace }) => {
  const api = await workspace.server.as(workspace.account('rep'))
  const quote = await liveQuote(api, 'sent', tomorrow)
  const label = `Q-${quote.quote_id}`
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect(window.chip).toContainText('Live')
  await workspace.server.kill()
  await expect(window.chip).toContainText('Offline since')
  await window.open(label)
  await window.take(/negotiat/i)
  await window.page.getByRole('button', { name: 'Undo' }).click()
  await expect(window.rows().filter({ hasText: label })).toContainText('sent')
  await expect(window.chip).not.toContainText('waiting')
})

test('a client killed at once shows its quotes again after it is started', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect(window.chip).toContainText('Live')
  const before = await window.count()
  await client.kill()
  await client.start()
  const again = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect(again.chip).toContainText('Live')
  expect(await again.count()).toBe(before)
})
