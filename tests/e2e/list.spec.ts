import { expect, test } from './support/test.ts'
import { QuoteWindow } from './support/window.ts'

test('a filter narrows the list, its chip says so, and taking it off brings all back', async ({
  client,
  workspace,
}) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect.poll(() => window.count()).toBeGreaterThan(500)
  const all = await window.count()
  const { page } = window
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('list', { name: 'Filter by' }).getByRole('button', { name: 'Status' }).click()
  await page.getByRole('checkbox', { name: /negotiation/i }).click()
  await page.keyboard.press('Escape')
  const chips = page.getByRole('group', { name: 'Filters in use' })
  await expect(chips).toContainText('Negotiation')
  await expect.poll(() => window.count()).toBeLessThan(all)
  for (const text of (await window.rows().allInnerTexts()).slice(0, 10)) expect(text).toContain('negotiation')
  await page.getByRole('button', { name: /Remove filter: Status/i }).click()
  await expect.poll(() => window.count()).toBe(all)
})

test('however long the list, only the rows in sight exist', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect.poll(() => window.count()).toBeGreaterThan(500)
  await expect(window.rows().first()).toBeVisible()
  expect(await window.rows().count()).toBeLessThan(80)
  await window.page.keyboard.press('End')
  await expect(window.grid.locator('[data-active="true"]')).toHaveAttribute(
    'aria-rowindex',
    String((await window.count()) + 1),
  )
  await expect(window.grid.locator('[data-active="true"][data-quote-id]')).toBeVisible()
  expect(await window.rows().count()).toBeLessThan(80)
})

test('search finds by the start of any word, and says when nothing matches', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const customer = (await window.rows().first().getByRole('gridcell').nth(1).innerText()).split(' ')[0] ?? ''
  await window.search(customer.slice(0, 4))
  await expect(window.rows().first()).toContainText(customer.slice(0, 4))
  await window.search('no such words anywhere')
  await expect(window.page.getByText(/no quote|nothing|match/i).first()).toBeVisible()
  await window.page
    .getByRole('button', { name: /clear filters/i })
    .first()
    .click()
  await expect(window.rows().first()).toBeVisible()
})

test('a column sorts at a click, one way and the other', async ({ client, workspace }) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  await expect(window.rows().first()).toBeVisible()
  const head = window.grid.getByRole('columnheader', { name: /Number/ })
  const first = async () =>
    Number((await window.rows().first().getByRole('gridcell').first().innerText()).replaceAll(/\D/g, ''))
  await head.getByRole('button').or(head).first().click()
  await expect(head).toHaveAttribute('aria-sort', /ascending|descending/)
  const before = await first()
  await head.getByRole('button').or(head).first().click()
  await expect.poll(first).not.toBe(before)
})

test('the list works by keyboard alone: rows, open, status, search, palette, sheet, back', async ({
  client,
  workspace,
}) => {
  const window = new QuoteWindow(await client.signIn(workspace.account('rep')))
  const { page } = window
  await expect(window.rows().first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(window.grid.locator('[data-active="true"]')).toHaveAttribute('aria-rowindex', '4')
  await page.keyboard.press('Enter')
  await expect(window.pane).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(window.pane).toBeHidden()

  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Search quotes' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(window.grid).toBeFocused()

  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Sent' }).click()
  await expect(window.grid).toBeFocused()

  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type('My day')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'My day' })).toBeVisible()
})
