import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test'
import { findElectronRuntime } from '../../tools/start/electron-runtime.ts'

const projectRoot = join(import.meta.dirname, '..', '..')
const runtime = findElectronRuntime(process.env)

test.skip(!runtime.found, runtime.found ? '' : `NOT RUN: no Electron runtime: ${runtime.reason}`)

let app: ElectronApplication
let page: Page
let dataDir: string

test.beforeEach(async () => {
  if (!runtime.found) return
  dataDir = await mkdtemp(join(tmpdir(), 'quotedesk-electron-'))
  app = await _electron.launch({
    executablePath: runtime.executable,
    args: [projectRoot, '--data', dataDir, '--server', 'http://127.0.0.1:9'],
  })
  page = await app.firstWindow()
})

test.afterEach(async () => {
  await app.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('shows the sign-in page from its own scheme, through the engine', async () => {
  expect(new URL(page.url()).origin).toBe('app://quotedesk')
  await expect(page.getByLabel('Password')).toBeVisible()
})

test('the page has no Node, no Electron and a sandboxed process', async () => {
  const globals = await page.evaluate(() => [
    typeof Reflect.get(window, 'require'),
    typeof Reflect.get(window, 'process'),
  ])
  expect(globals).toEqual(['undefined', 'undefined'])
  const sandboxed = await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ type }) => type === 'Tab')
      .map((process) => process.sandboxed),
  )
  expect(sandboxed.every((value) => value !== false)).toBe(true)
})

test('the page can neither leave, open a window, nor get a permission', async () => {
  const opened = await page.evaluate(() => window.open('https://example.com/') === null)
  expect(opened).toBe(true)
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  expect(new URL(page.url()).origin).toBe('app://quotedesk')
  expect(
    await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)),
  ).toBe('denied')
})

test('inline scripts are refused by the content security policy', async () => {
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    document.body.append(script)
    return Reflect.get(window, 'inlineRan') === true
  })
  expect(ran).toBe(false)
})

test('a crashed engine is started again and the page connects to it', async () => {
  await expect(page.getByLabel('Password')).toBeVisible()
  await app.evaluate(({ app: electron }) => {
    const engine = electron.getAppMetrics().find(({ name }) => name === 'QuoteDesk engine')
    if (engine) process.kill(engine.pid)
  })
  await expect
    .poll(() =>
      app.evaluate(({ app: electron }) => electron.getAppMetrics().some(({ name }) => name === 'QuoteDesk engine')),
    )
    .toBe(true)
  await expect(page.getByLabel('Password')).toBeVisible()
})
