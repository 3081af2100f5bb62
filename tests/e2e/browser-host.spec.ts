import { expect, test } from './support/test.ts'

test('the token leaves the address bar at once, and a reload still finds the engine', async ({ client, workspace }) => {
  const page = await client.signIn(workspace.account('rep'))
  expect(page.url()).not.toContain('token')
  await page.reload()
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()
})

test('an address without its token shows nothing and says what to do', async ({ client }) => {
  const page = await client.openWindow()
  const stranger = await page.context().newPage()
  await stranger.goto(new URL(client.url).origin)
  await expect(stranger.getByText('Open the link that QuoteDesk printed')).toBeVisible()
})

test('the page keeps to its security policy: nothing is refused in use, an inline script is', async ({
  client,
  workspace,
}) => {
  const page = await client.openWindow()
  const violations: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  await page.getByRole('button', { name: workspace.account('manager').name }).click()
  await page.getByRole('row').nth(2).click()
  await expect(page.getByRole('region', { name: 'Quote' })).toBeVisible()
  expect(violations).toEqual([])

  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    document.body.append(script)
    return Reflect.get(window, 'inlineRan') === true
  })
  expect(ran).toBe(false)
  await expect.poll(() => violations.length).toBe(1)
})

test('a client that is started again after a power cut comes back with its cache', async ({ client, workspace }) => {
  const account = workspace.account('rep')
  await client.signIn(account)
  await client.kill()
  await client.start()
  const page = await client.signIn(account)
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})
