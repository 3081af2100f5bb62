import type { Locator, Page } from '@playwright/test'
import { expect } from './test.ts'

/** The form of a quote, by the names that people read. */
export class QuoteForm {
  readonly page: Page
  readonly form: Locator

  constructor(page: Page) {
    this.page = page
    this.form = page.locator('form.quote-form')
  }

  field(label: string | RegExp): Locator {
    return this.form.getByLabel(label, { exact: true })
  }

  /** Finds a customer by words of its name and takes the first that comes. @returns its name */
  async chooseCustomer(words: string): Promise<string> {
    await this.field('Customer').fill(words)
    const first = this.form.getByRole('listbox', { name: 'Customers' }).getByRole('option').first()
    await expect(first).toContainText(new RegExp(words, 'i'))
    await this.page.keyboard.press('Enter')
    await expect(this.form.getByRole('listbox', { name: 'Customers' }).getByRole('option')).toHaveCount(0)
    return this.field('Customer').inputValue()
  }

  /** Types a line into the row of that number, which has to be there. */
  async typeLine(number: number, product: string, quantity: string, price: string): Promise<void> {
    await this.field(`Product, line ${number}`).fill(product)
    await this.field(`Quantity, line ${number}`).fill(quantity)
    await this.field(`Unit price, line ${number}`).fill(price)
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+Enter')
    await expect(this.form).toBeHidden()
  }
}
