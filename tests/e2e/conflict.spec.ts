import { Temporal } from 'temporal-polyfill'
import { quoteLabel } from '../../domain/ids.ts'
import type { Quote } from '../../domain/quote.ts'
import { fullMoney } from '../../src-renderer/words/money.ts'
import { judge } from './support/judge.ts'
import { liveQuote } from './support/quotes.ts'
import { expect, test } from './support/test.ts'
import { QuoteWindow } from './support/window.ts'

/** After a while offline the next try may be half a minute away. */
const reconnects = { timeout: 60_000 }
/** Two clients, two reconnects and a judged dialog take longer than one window does. */
test.describe.configure({ timeout: 300_000 })
const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 1 }).toString()

const money = ({ currency }: Quote, major: string) => fullMoney({ currency, value_minor: minor(major) })
/** The sample's currencies with two digits. */
const minor = (major: string) => Number(major) * 100

/** Edits the open quote by its form. */
async function edit({ page, pane }: QuoteWindow, fields: { value?: string; title?: string }): Promise<void> {
  await pane.getByRole('button', { name: 'Edit quote' }).click()
  const form = page.getByRole('form', { name: /^Edit/ })
  if (fields.title !== undefined) await form.getByRole('textbox', { name: 'Title' }).fill(fields.title)
  if (fields.value !== undefined) await form.getByRole('textbox', { name: /^Value/ }).fill(fields.value)
  await form.getByRole('button', { name: /^Save/ }).click()
  await expect(form).toBeHidden()
}

const isRefused = async ({ chip }: QuoteWindow) => ((await chip.textContent()) ?? '').includes('1 refused')

async function euroQuote(api: Parameters<typeof liveQuote>[0]): Promise<Quote> {
  for (let nth = 0; ; nth += 1) {
    const quote = await liveQuote(api, 'sent', tomorrow, nth)
    if (['EUR', 'USD', 'GBP'].includes(quote.currency)) return quote
  }
}

test('a field that two people changed offline is decided side by side; nothing is overwritten unseen, history shows both', async ({
  newClient,
  workspace,
}) => {
  const people = [workspace.account('rep'), workspace.account('manager')] as const
  const quote = await euroQuote(await workspace.server.as(people[0]))
  const label = quoteLabel(quote)
  const windows = [
    new QuoteWindow(await (await newClient('rep')).signIn(people[0])),
    new QuoteWindow(await (await newClient('manager')).signIn(people[1])),
  ] as const
  for (const window of windows) await expect(window.chip).toContainText('Live')
  await workspace.server.kill()
  for (const [index, window] of windows.entries()) {
    await expect(window.chip).toContainText('Offline since')
    await window.open(label)
    await edit(window, index === 0 ? { value: '48000' } : { value: '46500', title: 'Rollout of the manager' })
    await expect(window.chip).toContainText('1 change waiting')
  }

  await workspace.server.start()

  for (const window of windows) await expect(window.chip).toContainText('Live', reconnects)
  await expect.poll(async () => (await Promise.all(windows.map(isRefused))).filter(Boolean).length, reconnects).toBe(1)
  const repLost = await isRefused(windows[0])
  const loser = repLost ? windows[0] : windows[1]
  const winner = repLost ? people[1] : people[0]
  const [mine, theirs] = repLost ? ['48000', '46500'] : ['46500', '48000']

  // The page of the quote says so, and shows theirs: what the server has.
  const changes = loser.pane.getByRole('list', { name: 'Waiting or refused' })
  await expect(changes).toContainText('conflict')
  await expect(loser.pane.locator('.pane-value')).toHaveText(money(quote, theirs))
  await changes.getByRole('button', { name: /^Resolve/ }).click()
  const dialog = loser.page.getByRole('dialog')
  const field = dialog.getByRole('group', { name: 'Value' })
  await expect(field).toContainText(fullMoney(quote))
  await expect(field).toContainText(money(quote, mine))
  await expect(field).toContainText(money(quote, theirs))
  await expect(field).toContainText(winner.name)
  await expect(field.getByRole('radio', { checked: true })).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Choose first for value')

  for (const colorScheme of ['light', 'dark'] as const) {
    await loser.page.emulateMedia({ colorScheme })
    await judge(loser.page, `conflict-${colorScheme}`)
  }

  await loser.page.keyboard.press('1')
  await expect(dialog.getByRole('region', { name: 'Outcome' })).toContainText(`${money(quote, mine)} (yours)`)
  await loser.page.keyboard.press('ControlOrMeta+Enter')
  await expect(dialog).toBeHidden()

  await expect(loser.chip).not.toContainText('refused')
  await expect(loser.chip).not.toContainText('waiting')
  for (const window of windows) {
    await expect(window.pane.locator('.pane-value')).toHaveText(money(quote, mine))
    // Whoever changed the title alone is not asked about it.
    await expect(window.pane.locator('.pane-title')).toHaveText('Rollout of the manager')
    await window.pane.getByRole('tab', { name: 'History' }).click()
    const history = window.pane.getByRole('list', { name: 'History' }).getByRole('listitem')
    await expect(history.filter({ hasText: `${fullMoney(quote)} became→ ${money(quote, theirs)}` })).toContainText(
      winner.name,
    )
    await expect(history.filter({ hasText: `${money(quote, theirs)} became→ ${money(quote, mine)}` })).toHaveCount(1)
  }
  const api = await workspace.server.as(people[0])
  expect(await api.get(`/quotes/${quote.id}`)).toMatchObject({ value_minor: minor(mine) })
})

test('a refusal is told at once and leads to the decision; when theirs stands nothing is sent', async ({
  client,
  workspace,
}) => {
  const colleague = workspace.account('manager')
  const api = await workspace.server.as(colleague)
  const quote = await euroQuote(api)
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect(window.chip).toContainText('Live')
  await window.open(quoteLabel(quote))
  await window.pane.getByRole('button', { name: 'Edit quote' }).click()
  const form = window.page.getByRole('form', { name: /^Edit/ })
  await form.getByRole('textbox', { name: /^Value/ }).fill('48000')
  await api.post('/sync/mutations', {
    client_id: '6f1c1f6a-9d3b-4f43-8a55-3a4f3b1c2d10',
    mutations: [
      {
        name: 'quote.edit',
        mutation_id: 1,
        quote: quote.id,
        base_version: quote.version,
        fields: { value_minor: minor('46500') },
      },
    ],
  })
  await expect(form.getByRole('status').filter({ hasText: 'Changed by others while you typed' })).toBeVisible()
  await form.getByRole('button', { name: /^Save/ }).click()

  const told = window.page.getByRole('listitem').filter({ hasText: 'is in conflict' })
  await told.getByRole('button', { name: 'Resolve…' }).click()
  const dialog = window.page.getByRole('dialog')
  await expect(dialog).toContainText(`${colleague.name} changed the same field`)
  await window.page.keyboard.press('t')
  await dialog.getByRole('button', { name: 'Apply' }).click()

  await expect(window.chip).not.toContainText('refused')
  await expect(window.chip).not.toContainText('waiting')
  await expect(told).toHaveCount(0)
  expect(await api.get(`/quotes/${quote.id}`)).toMatchObject({
    value_minor: minor('46500'),
    version: quote.version + 1,
  })
})

test('the sync details tell every stream, find a copy that was tampered with, and repair it', async ({
  client,
  workspace,
}) => {
  const page = await client.signIn(workspace.account('rep'))
  const window = new QuoteWindow(page)
  await expect(window.chip).toContainText('Live')
  const { quote_id } = await liveQuote(await workspace.server.as(workspace.account('rep')), 'sent', tomorrow)
  await client.stop()
  client.tamper(`UPDATE quotes SET value_minor = value_minor + 1 WHERE quote_id = ${quote_id}`)
  await client.start()

  const again = new QuoteWindow(
    await client.signIn(workspace.account('rep'), { permissions: ['clipboard-read', 'clipboard-write'] }),
  )
  await expect(again.chip).toContainText('Live')
  await again.chip.click()
  await again.page.getByRole('button', { name: 'Details…' }).click()
  const dialog = again.page.getByRole('dialog', { name: 'Sync details' })
  const rows = dialog.getByRole('table', { name: 'Streams' }).locator('tbody')
  await expect(rows.filter({ hasText: 'level' })).toHaveCount(await rows.count())

  await dialog.getByRole('button', { name: 'Verify all' }).click()
  const different = rows.filter({ hasText: 'Different' })
  await expect(different).toHaveCount(1)
  await expect(dialog).toContainText('Not the same as the server')
  await expect(rows.filter({ hasText: 'Same as the server' })).toHaveCount((await rows.count()) - 1)

  await different.getByRole('button', { name: /^Repair/ }).click()
  const label = await rows.getByRole('rowheader').first().textContent()
  expect(label).not.toBe('')
  await expect(rows.getByText('repairing')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Verify all' }).click()
  await expect(dialog).toContainText(`All ${await rows.count()} streams are the same as the server’s.`)

  await dialog.getByRole('button', { name: 'Copy report' }).click()
  const report = await again.page.evaluate(() => navigator.clipboard.readText())
  expect(report).toContain('connection: live')
  expect(report.match(/ verified .* same /g)).toHaveLength(await rows.count())
})
