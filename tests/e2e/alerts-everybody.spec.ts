import type { Page } from '@playwright/test'
import { judge } from './support/judge.ts'
import { expect, test } from './support/test.ts'

const settings = (page: Page) => page.getByRole('navigation', { name: 'Settings' })

async function openForEverybody(page: Page) {
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await settings(page).getByRole('button', { name: 'For everybody' }).click()
}

const days = (page: Page) => page.getByLabel('Days after the valid-until date')

test('who may not decide for everybody is not offered it', async ({ client, workspace }) => {
  const page = await client.signIn(workspace.account('rep'))
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(settings(page).getByRole('button', { name: 'My hours' })).toBeVisible()
  await expect(settings(page).getByRole('button', { name: 'For everybody' })).toBeHidden()
})

test('of two who change the rules of all, the second is told before anything is overwritten', async ({
  newClient,
  workspace,
}) => {
  const pages: Page[] = []
  for (const name of ['one', 'two']) {
    const page = await (await newClient(name)).signIn(workspace.account('manager'))
    await expect(page.locator('button.sync-chip')).toContainText('Live')
    await openForEverybody(page)
    pages.push(page)
  }
  const [first, second] = pages
  if (first === undefined || second === undefined) throw new Error('two windows are needed')
  await judge(first, 'settings-for-everybody')
  await days(second).fill('30')
  await second.keyboard.press('Tab')

  await days(first).fill('21')
  await first.keyboard.press('Tab')
  await first.getByRole('button', { name: 'Save for everybody' }).click()
  await expect(first.getByText(/^Saved for everybody in /)).toBeVisible()

  await expect(second.getByRole('alert')).toContainText('Somebody else changed these settings meanwhile')
  await expect(second.getByRole('button', { name: 'Save for everybody' })).toBeDisabled()
  await expect(days(second)).toHaveValue('30')
  await second.getByRole('button', { name: 'Take theirs' }).click()
  await expect(days(second)).toHaveValue('21')
})
