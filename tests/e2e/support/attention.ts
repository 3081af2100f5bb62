import type { Page } from '@playwright/test'

/** The person works in another window from now on. Playwright makes every page believe that it has the focus. */
export async function lookAway(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.hasFocus = () => false
    window.dispatchEvent(new Event('blur'))
  })
}
