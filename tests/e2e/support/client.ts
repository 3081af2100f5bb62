import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { SampleAccount } from '../../../domain/host/messages.ts'
import { withCacheFile } from '../../integration/support/cache-file.ts'
import { coverageFolder, writePageCoverage } from '../../support/coverage.ts'
import { projectRoot, type Started, startChild } from './child.ts'

/** What a client needs to know of the server it belongs to. */
export interface ClientSetting {
  dataDir: string
  sampleFile: string
  server: { url: string }
}

const browserHost = join(projectRoot, 'out', 'main', 'browser-host.js')

/** One installed client: a browser host with its engine and cache, and the windows opened on it. */
export class TestClient {
  private readonly browser: Browser
  private readonly setting: ClientSetting
  private readonly dataDir: string
  private readonly contexts: BrowserContext[] = []
  private host: Started | null = null

  /** @param name keeps the caches of several clients of one test apart */
  constructor(browser: Browser, setting: ClientSetting, name: string) {
    this.browser = browser
    this.setting = setting
    this.dataDir = join(setting.dataDir, `client-${name}`)
  }

  /** The page's address with its token. */
  get url(): string {
    if (this.host === null) throw new Error('the client is not running')
    return this.host.url
  }

  async start(): Promise<void> {
    const { server, sampleFile } = this.setting
    const args = ['--server', server.url, '--data', this.dataDir, '--sample', sampleFile, '--no-open']
    this.host = await startChild(browserHost, args)
  }

  /** Opens a window; signs nobody in. */
  async openWindow(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await this.browser.newContext(options)
    this.contexts.push(context)
    const page = await context.newPage()
    if (coverageFolder() !== null) await page.coverage.startJSCoverage({ resetOnNavigation: false })
    await page.goto(this.url)
    return page
  }

  /** Opens a window and signs in with the one click of the sample workspace. */
  async signIn(account: SampleAccount, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const page = await this.openWindow(options)
    await page.getByRole('button', { name: account.name }).click()
    await page.getByRole('navigation', { name: 'Views' }).waitFor()
    return page
  }

  /** Changes the cache behind the back of everything that guards it, while the client is not running. */
  tamper(sql: string): void {
    withCacheFile(this.dataDir, (database) => {
      const { changes } = database.prepare(sql).run()
      if (changes === 0) throw new Error(`nothing was changed by: ${sql}`)
    })
  }

  /** Ends the host and its engine in order; windows stay open and show that nothing answers. */
  async stop(): Promise<void> {
    await this.host?.stop()
    this.host = null
  }

  /** Ends the host as a power cut would; the engine goes with it. */
  async kill(): Promise<void> {
    await this.host?.kill()
    this.host = null
  }

  async dispose(): Promise<void> {
    for (const context of this.contexts) {
      for (const page of context.pages()) await writePageCoverage(page)
      await context.close()
    }
    await this.stop()
  }
}
