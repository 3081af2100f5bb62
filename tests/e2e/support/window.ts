import type { Locator, Page } from '@playwright/test'
import { expect } from './test.ts'

/** What a person sees and does in a window, by the names they would use. */
export class QuoteWindow {
  readonly page: Page
  readonly grid: Locator
  readonly pane: Locator
  readonly chip: Locator

  constructor(page: Page) {
    this.page = page
    this.grid = page.getByRole('grid', { name: 'Quotes' })
    this.pane = page.getByRole('region', { name: 'Quote', exact: true })
    this.chip = page.locator('button.sync-chip')
  }

  rows(): Locator {
    return this.grid.locator('[data-quote-id]')
  }

  /** How many quotes match, as the head says. */
  async count(): Promise<number> {
    const text = await this.page.locator('.title .count [aria-hidden]').textContent()
    return Number((text ?? '').replaceAll(/\D/g, ''))
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search quotes' }).fill(text)
  }

  /** Narrows the list to one quote by its label and opens it. */
  async open(label: string): Promise<void> {
    await this.search(label.replace('Q-', ''))
    await this.rows().filter({ hasText: label }).first().click()
    await expect(this.pane).toContainText(label)
  }

  /** The steps that the status menu offers, in words. */
  async steps(): Promise<string[]> {
    await this.pane.getByRole('button', { name: /Change status/ }).click()
    const items = await this.page.getByRole('menuitem').allInnerTexts()
    await this.page.keyboard.press('Escape')
    return items.map((item) => item.replaceAll(/\s+/g, ' ').trim())
  }

  /** Takes the step whose button stands at the foot of the page; gives the reason when asked for one. */
  async take(step: string | RegExp, reason?: string): Promise<void> {
    await this.pane
      .getByRole('contentinfo')
      .or(this.pane.locator('.next-steps'))
      .getByRole('button', { name: step })
      .click()
    if (reason === undefined) return
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('textbox').fill(reason)
    await dialog.getByRole('button', { name: step }).click()
  }

  async figure(name: string): Promise<string> {
    const figure = this.page.getByRole('region', { name: 'Pipeline' }).locator('.figure', { hasText: name }).first()
    return (await figure.locator('.figure-value').textContent()) ?? ''
  }
}
