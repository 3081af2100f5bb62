import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Quote } from '../../domain/quote.ts'
import type { Mutation } from '../../domain/wire/sync-http.ts'
import { QuoteForm } from './support/quote-form.ts'
import { liveQuote } from './support/quotes.ts'
import type { TestApi } from './support/server.ts'
import { expect, test } from './support/test.ts'
import { QuoteWindow } from './support/window.ts'

/** After a while offline the next try may be half a minute away. */
const reconnects = { timeout: 60_000 }
const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 1 }).toString()

/** What somebody does at another machine. */
async function elsewhere(api: TestApi, mutation: Mutation): Promise<void> {
  const reply = await api.post('/sync/mutations', { client_id: randomUUID(), mutations: [mutation] })
  expect(reply).toMatchObject({ results: [{ outcome: 'committed' }] })
}

const onServer = async (api: TestApi, id: string) => (await api.get(`/quotes/${id}`)) as Quote

test('a quote made offline is there at once, and gets its number when connected', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const { page } = window
  const form = new QuoteForm(page)
  await expect(window.chip).toContainText('Live')
  await workspace.server.kill()
  await expect(window.chip).toContainText('Offline since')

  await window.grid.focus()
  await page.keyboard.press('n')
  await expect(form.form).toContainText('gets its number when connected')
  const customer = await form.chooseCustomer('a')
  await form.field('Title').fill('Presses for the new hall')
  await form.typeLine(1, 'Press', '2', '1,250.50')
  await page.keyboard.press('Enter')
  await expect(form.field('Product, line 2')).toBeFocused()
  await form.typeLine(2, 'Training', '1', '99')
  await expect(form.field(/^Value/)).toHaveValue('2600.00')
  await form.form.getByRole('button', { name: 'in 30 days' }).click()
  await expect(form.form).toContainText('in 30 d')
  await expect(form.form).toContainText('all it needs to become active')
  await form.save()

  await expect(window.pane).toContainText('Q-new')
  await expect(window.pane).toContainText(customer)
  await expect(window.pane).toContainText('2,600.00')
  await expect(window.pane).toBeFocused()
  await expect(page.getByText('It gets its number when connected.')).toBeVisible()
  await expect(window.chip).toContainText('1 change waiting')

  await workspace.server.start()
  await expect(window.chip).toContainText('Live', reconnects)
  await expect(window.pane).toContainText(/Q-\d+/)
  await expect(window.chip).not.toContainText('waiting')
  await window.search('Presses for the new hall')
  await expect(window.rows()).toHaveCount(1)
})

test('a quote made offline is gone again when it is taken back', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const { page } = window
  const form = new QuoteForm(page)
  await expect(window.chip).toContainText('Live')
  const before = await window.count()
  await workspace.server.kill()
  await expect(window.chip).toContainText('Offline since')
  await page.getByRole('button', { name: 'New quote' }).click()
  await form.field('Title').fill('Too early')
  await form.save()
  await expect(window.pane).toContainText('Too early')
  await expect.poll(() => window.count()).toBe(before + 1)

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Taken back')).toBeVisible()
  await expect(window.pane).toBeHidden()
  // The list waits with what would move rows under the pointer, which rests where the message was.
  await page.mouse.move(0, 0)
  await expect.poll(() => window.count()).toBe(before)
  await expect(window.chip).not.toContainText('waiting')
})

test('a draft may lack anything; the form says what it still needs, and keeps what it cannot read', async ({
  client,
  workspace,
}) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const { page } = window
  const form = new QuoteForm(page)
  await page.getByRole('button', { name: 'New quote' }).click()
  await expect(form.field('Customer')).toBeFocused()
  await form.field('Title').fill('Half an idea')
  await form.typeLine(1, 'Press', '0', '12,5')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(form.field('Quantity, line 1')).toBeFocused()
  await expect(form.form).toContainText('Type a whole number from 1 to 1,000,000.')
  await expect(form.form).toContainText('Type digits with a point for decimals')
  await expect(form.field('Unit price, line 1')).toHaveValue('12,5')

  await page.keyboard.press('Escape')
  await expect(page.getByRole('alertdialog', { name: 'Leave without saving?' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(form.field('Quantity, line 1')).toBeFocused()

  await form.typeLine(1, '', '1', '')
  await expect(form.form).toContainText('still needs: customer, lines, value and valid until')
  await form.save()
  await expect(window.pane).toContainText(/Q-\d+/)
  await expect(window.pane).toContainText('Half an idea')

  await page.keyboard.press('e')
  await form.chooseCustomer('a')
  await form.form.getByRole('button', { name: 'Add line' }).click()
  await expect(form.field('Product, line 1')).toBeFocused()
  await form.typeLine(1, 'Press', '3', '10')
  await form.form.getByRole('button', { name: 'in 14 days' }).click()
  await form.field('Title').focus()
  await form.save()
  await window.take(/Make active/)
  await expect(window.pane.getByRole('button', { name: /Status: active/ })).toBeVisible()
})

test('an edit sends only what changed; undo makes the opposite once it was sent', async ({ client, workspace }) => {
  const api = await workspace.server.as(workspace.account('rep'))
  const quote = await liveQuote(api, 'sent', tomorrow)
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const { page } = window
  const form = new QuoteForm(page)
  await expect(window.chip).toContainText('Live')
  await window.open(`Q-${quote.quote_id}`)
  await window.pane.locator('[data-edits="value"]').click()
  await expect(form.field(/^Value/)).toBeFocused()
  await form.field(/^Value/).fill('1')
  await expect(form.form).toContainText('Differs from lines')
  await form.field('Title').fill('A title of mine')
  await form.save()
  await expect(window.pane).toContainText('A title of mine')
  await expect.poll(async () => (await onServer(api, quote.id)).title).toBe('A title of mine')
  const { history } = (await api.get(`/quotes/${quote.id}/history`)) as { history: Array<{ after: object | null }> }
  expect(Object.keys(history.at(-1)?.after ?? {}).toSorted()).toEqual(['title', 'value_minor'])

  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByText('Undone by one more change')).toBeVisible()
  await expect
    .poll(async () => await onServer(api, quote.id))
    .toMatchObject({
      title: quote.title,
      value_minor: quote.value_minor,
      version: quote.version + 2,
    })
})

test('while a form is open, others’ changes are shown in it and what was typed stays', async ({
  client,
  workspace,
}) => {
  const colleague = await workspace.server.as(workspace.account('manager'))
  const quote = await liveQuote(colleague, 'sent', tomorrow)
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const { page } = window
  const form = new QuoteForm(page)
  await expect(window.chip).toContainText('Live')
  await window.open(`Q-${quote.quote_id}`)
  await window.pane.getByRole('button', { name: 'Edit quote' }).click()
  await form.field('Title').fill('Mine')
  await elsewhere(colleague, {
    name: 'quote.edit',
    mutation_id: 1,
    quote: quote.id,
    base_version: quote.version,
    fields: { title: 'Theirs', expires_on: '2099-12-31' },
  })

  await expect(form.field('Valid until')).toHaveValue('2099-12-31')
  await expect(form.form).toContainText(/changed this meanwhile to Theirs/)
  await expect(form.field('Title')).toHaveValue('Mine')
  await form.form.getByRole('button', { name: 'Title: keep mine' }).click()
  await expect(form.form).not.toContainText('meanwhile to Theirs')
  await form.save()
  await expect
    .poll(async () => await onServer(colleague, quote.id))
    .toMatchObject({
      title: 'Mine',
      expires_on: '2099-12-31',
    })
  await expect(window.chip).not.toContainText('refused')
})

test('opening another quote asks about what is typed, and keeps it on request', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const { page } = window
  const form = new QuoteForm(page)
  await window.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Sent' }).click()
  await window.rows().nth(0).click()
  await page.keyboard.press('e')
  await form.field('Title').fill('Not to be lost')
  await window.rows().nth(2).click()
  await page.getByRole('button', { name: 'Keep editing' }).click()
  await expect(form.field('Title')).toHaveValue('Not to be lost')
  await window.rows().nth(2).click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(form.form).toBeHidden()
  await expect(window.pane).toBeVisible()
  await expect(window.pane).not.toContainText('Not to be lost')
})

test('a manager gives a quote to somebody else and takes it back while offline; a note goes into the history', async ({
  client,
  workspace,
}) => {
  const api = await workspace.server.as(workspace.account('manager'))
  const quote = await liveQuote(api, 'sent', tomorrow)
  const window = new QuoteWindow(await client.signIn(workspace.account('manager')))
  const { page } = window
  await expect(window.chip).toContainText('Live')
  await window.open(`Q-${quote.quote_id}`)
  await page.keyboard.press('m')
  await page.getByRole('textbox', { name: 'Note' }).fill('They decide in March.')
  await page.keyboard.press('ControlOrMeta+Enter')
  await window.pane.getByRole('tab', { name: 'History' }).click()
  await expect(window.pane).toContainText('They decide in March.')
  await expect(window.chip).not.toContainText('waiting')

  await workspace.server.kill()
  await expect(window.chip).toContainText('Offline since')
  await window.pane.focus()
  await page.keyboard.press('a')
  const dialog = page.getByRole('dialog', { name: /Reassign/ })
  const owner = dialog.getByLabel('Owner')
  const others = await owner.locator('option:not(:checked)').allInnerTexts()
  await owner.selectOption({ label: others[0] ?? '' })
  await dialog.getByRole('button', { name: 'Reassign' }).click()
  await expect(window.pane).toContainText(others[0] ?? '')
  await expect(window.chip).toContainText('1 change waiting')
  const told = page.locator('[data-sonner-toast]').filter({ hasText: 'now belongs to' })
  await told.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Taken back')).toBeVisible()
  await expect(window.chip).not.toContainText('waiting')
  await expect(dialog).toBeHidden()
})
