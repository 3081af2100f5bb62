import { defineConfig } from '@playwright/test'
import { chromiumArgs, findChromium } from './tests/e2e/support/find-chromium.ts'

const chromium = findChromium()

export default defineConfig({
  globalSetup: './tests/e2e/support/build.ts',
  outputDir: 'test-results/files',
  // Two cores: a browser, a server and an engine in each test leave room for no second one.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: process.env['PLAYWRIGHT_JSON'] ?? 'test-results/playwright.json' }]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { args: [...chromiumArgs], ...(chromium === null ? {} : { executablePath: chromium }) },
  },
  projects: [
    { name: 'e2e', testDir: 'tests/e2e', testIgnore: 'toast*.spec.ts' },
    // Needs a session bus, a notification daemon and a display: `npm test` runs it inside them.
    { name: 'toast', testDir: 'tests/e2e', testMatch: 'toast*.spec.ts', use: { headless: false } },
    // Needs Electron's runtime.
    { name: 'electron', testDir: 'tests/shell', testMatch: '*.spec.ts' },
  ],
})
