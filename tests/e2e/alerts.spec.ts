import { expect, type Page, test } from '@playwright/test'
import { TestClient } from './support/client.ts'
import { type ClockedServer, nextMondayMorning, startClockedServer } from './support/clocked-server.ts'
import { judge } from './support/judge.ts'

let server: ClockedServer
let client: TestClient

test.beforeEach(async ({ browser }) => {
  server = await startClockedServer(nextMondayMorning())
  client = new TestClient(browser, server, 'rep')
  await client.start()
})

test.afterEach(async () => {
  await client.dispose()
  await server.stop()
})

/** What a person sees of alerts, by the names they would use. */
class AlertWindow {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get place() {
    return this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Alerts' })
  }

  get grid() {
    return this.page.getByRole('grid', { name: 'Alerts' })
  }

  get pane() {
    return this.page.getByRole('region', { name: 'Quote', exact: true })
  }

  row(label: string) {
    return this.grid.getByRole('row').filter({ hasText: `${label} ` })
  }

  toast(label: string) {
    return this.page.getByRole('article').filter({ hasText: `${label} ` })
  }

  async settings(section: string) {
    // A window that is still loading hears no keys.
    await expect(this.place).toBeVisible()
    await this.page.keyboard.press('g')
    await this.page.keyboard.press('s')
    await this.page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click()
  }
}

test('an alert stands in the centre, unread, and is acknowledged by a key', async () => {
  const window = new AlertWindow(await client.signIn(server.rep))
  await window.place.click()
  await expect(window.page.getByText('Nothing needs you')).toBeVisible()
  const label = await server.addExpiring(1)
  await expect(window.row(label)).toContainText('expires tomorrow')
  await expect(window.row(label)).toContainText('unread')
  await expect(window.place).toContainText('1')

  await window.grid.focus()
  await window.page.keyboard.press('a')
  await expect(window.row(label)).toBeHidden()
  await expect(window.place).not.toContainText('1')
  // Dealt with here, so nothing is left to be told.
  await expect(window.toast(label)).toBeHidden()

  await window.page.getByRole('button', { name: 'Dealt with' }).click()
  await expect(window.row(label)).toContainText('acknowledged')
})

test('an alert is resolved with a note, snoozed, and a dismissal is taken back', async () => {
  const window = new AlertWindow(await client.signIn(server.rep))
  await window.place.click()
  const first = await server.addExpiring(1)
  await expect(window.row(first)).toBeVisible()
  await window.row(first).click()
  await window.page.keyboard.press('r')
  await window.page.getByRole('textbox', { name: 'Note' }).fill('Rang them: they order on Friday')
  await window.page.keyboard.press('ControlOrMeta+Enter')
  await expect(window.row(first)).toBeHidden()

  const second = await server.addExpiring(0)
  await expect(window.row(second)).toBeVisible()
  await window.row(second).click()
  await window.page.keyboard.press('Delete')
  await expect(window.row(second)).toBeHidden()
  await window.page.getByRole('button', { name: 'Undo' }).click()
  await expect(window.row(second)).toBeVisible()
  await window.row(second).click()
  await window.page.keyboard.press('z')
  await window.page.getByRole('menuitem', { name: 'Until the next working day' }).click()
  await window.page.getByRole('button', { name: /Held and snoozed/ }).click()
  await expect(window.row(second)).toContainText('snoozed until tomorrow')

  await window.page.getByRole('button', { name: 'Dealt with' }).click()
  await window.row(first).click()
  await expect(window.page.getByRole('region', { name: 'Alert', exact: true })).toContainText('they order on Friday')
})

test('a quote tells why its alert came, and what comes next', async () => {
  const window = new AlertWindow(await client.signIn(server.rep))
  await window.place.click()
  const label = await server.addExpiring(3)
  await window.row(label).click()
  await window.page.keyboard.press('Enter')
  await expect(window.pane).toContainText(label)
  await window.pane.getByRole('tab', { name: 'Alerts' }).click()
  const decisions = window.pane.getByRole('list', { name: 'Decisions' })
  await expect(decisions).toContainText('Shown')
  await expect(decisions).toContainText('A quote runs out in 3 days')
  await expect(decisions).toContainText('Berlin hours, open then')
  await expect(window.pane).toContainText('Next: A quote runs out in 1 day')
})

test('working hours are previewed while they are made, refused when they never open, and saved', async () => {
  const window = new AlertWindow(await client.signIn(server.rep))
  const { page } = window
  await window.settings('My hours')
  await page.getByLabel('My own').click()
  await page.getByLabel('Monday, range 1, from').fill('14')
  await page.getByLabel('Monday, range 1, to').fill('22.30')
  await page.keyboard.press('Tab')
  await expect(page.getByText(/^Next opening: 14:00, in /)).toBeVisible()
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) {
    await page.getByRole('button', { name: `Remove range 1 of ${day}` }).click()
  }
  await expect(page.getByRole('alert').filter({ hasText: 'would hold every alert for ever' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save hours' })).toBeDisabled()
  await page.getByRole('button', { name: 'Add a range to Tuesday' }).click()
  await page.getByLabel('Tuesday, range 1, from').fill('22')
  await page.getByLabel('Tuesday, range 1, to').fill('6')
  await page.keyboard.press('Tab')
  await expect(page.getByText('(next day)')).toBeVisible()
  await page.getByRole('button', { name: 'Save hours' }).click()
  await expect(page.getByText('Working hours saved')).toBeVisible()

  // Outside them now: what comes true is held and says until when.
  await window.place.click()
  const label = await server.addExpiring(3)
  await page.getByRole('button', { name: /Held and snoozed/ }).click()
  await expect(window.row(label)).toContainText('held until tomorrow 21:00')
  await page.reload()
  await window.settings('My hours')
  await expect(page.getByLabel('Tuesday, range 1, from')).toHaveValue('22:00')
})

test('a rule that is switched off tells nothing any more', async () => {
  const window = new AlertWindow(await client.signIn(server.rep))
  await window.settings('What I am told of')
  const rule = window.page.getByRole('switch', { name: /^A quote runs out in 7 days/ })
  await rule.click()
  await expect(rule).not.toBeChecked()
  await window.place.click()
  const silent = await server.addExpiring(7)
  // A second quote is what can be waited for: were the first told of, it would come before.
  const told = await server.addExpiring(3)
  await expect(window.row(told)).toContainText('expires in 3 days')
  await expect(window.row(silent)).toBeHidden()
})

test('toasts in the window have the buttons of native ones: extend opens the form at its date', async () => {
  const window = new AlertWindow(await client.signIn(server.rep))
  const label = await server.addExpiring(1)
  await window.page.bringToFront()
  await window.toast(label).getByRole('button', { name: 'Extend' }).click()
  const form = window.page.getByRole('form', { name: `Edit ${label}` })
  await expect(form.getByLabel('Valid until')).toBeFocused()
  await expect(window.toast(label)).toBeHidden()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the views of alerts are accessible in ${colorScheme}`, async () => {
    test.setTimeout(240_000)
    const window = new AlertWindow(await client.signIn(server.rep, { colorScheme }))
    const shot = (name: string) => judge(window.page, `${name}-${colorScheme}`)
    await window.place.click()
    await expect(window.page.getByText('Nothing needs you')).toBeVisible()
    await shot('alerts-empty')
    const label = await server.addExpiring(1)
    await expect(window.toast(label)).toBeVisible()
    await shot('alerts')
    await window.row(label).click()
    await window.page.keyboard.press('Enter')
    await window.pane.getByRole('tab', { name: 'Alerts' }).click()
    await expect(window.pane).toContainText('Shown')
    await shot('alerts-why')
    for (const section of ['My hours', 'What I am told of', 'Diagnostics']) {
      await window.settings(section)
      await shot(`settings-${section.toLowerCase().replaceAll(' ', '-')}`)
    }
  })
}
