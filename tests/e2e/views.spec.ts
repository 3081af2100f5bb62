import { judge } from './support/judge.ts'
import { expect, test } from './support/test.ts'
import { QuoteWindow } from './support/window.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view is accessible in ${colorScheme}`, async ({ client, workspace }) => {
    test.setTimeout(400_000)
    const page = await client.openWindow({ colorScheme, viewport: { width: 1280, height: 800 } })
    const window = new QuoteWindow(page)
    const shot = (name: string) => judge(page, `${name}-${colorScheme}`)
    await expect(page.getByRole('heading', { name: /Sign in/ })).toBeVisible()
    await shot('sign-in')

    await page.getByRole('button', { name: workspace.account('rep').name }).click()
    await expect(window.chip).toContainText('Live')
    await expect(window.rows().first()).toBeVisible()
    await shot('list')

    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await shot('filter-menu')
    await page.getByRole('list', { name: 'Filter by' }).getByRole('button', { name: 'Status' }).click()
    await shot('filter-status')
    await page.keyboard.press('Escape')

    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'My day' }).click()
    await expect(page.getByRole('heading', { name: 'My day' })).toBeVisible()
    await shot('my-day')

    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Sent' }).click()
    await window.rows().nth(2).click()
    for (const tab of ['Lines', 'History', 'Customer']) {
      await window.pane.getByRole('tab', { name: tab }).click()
      await shot(`quote-${tab.toLowerCase()}`)
    }
    await window.pane.getByRole('button', { name: /Change status/ }).click()
    await shot('status-menu')
    await page.keyboard.press('Escape')
    await window.take(/lost/i)
    await expect(page.getByRole('dialog')).toBeVisible()
    await shot('close-dialog')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    await window.search('no such words anywhere')
    await expect(window.rows()).toHaveCount(0)
    await shot('no-match')
    await window.search('')

    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await shot('palette')
    await page.keyboard.press('Escape')
    await window.grid.focus()
    await page.keyboard.press('?')
    await shot('shortcuts')
    await page.keyboard.press('Escape')

    await window.chip.click()
    await shot('sync-panel')
    await page.getByRole('button', { name: 'Details…' }).click()
    const details = page.getByRole('dialog', { name: 'Sync details' })
    await details.getByRole('button', { name: 'Verify all' }).click()
    await expect(details).toContainText('are the same as the server’s')
    await shot('sync-details')
    await page.keyboard.press('Escape')

    await workspace.server.kill()
    await expect(window.chip).toContainText('Offline since')
    await window.rows().first().click()
    await window.take(/negotiat/i)
    await window.chip.click()
    await expect(page.getByRole('list', { name: 'Changes' })).toBeVisible()
    await shot('offline')
    await page.keyboard.press('Escape')

    await page.setViewportSize({ width: 900, height: 700 })
    await shot('narrow')
  })
}
