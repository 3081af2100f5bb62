import { formatMoney, toMajorText } from '../../domain/money.ts'

/** Texts are English, so amounts are written the English way, whatever the machine's language. */
export const locale = 'en-US'

interface Amount {
  currency: string
  value_minor: number
}

/** With all decimals of the currency: `€45,000.00`. */
export const fullMoney = (amount: Amount) =>
  formatMoney({ minor: amount.value_minor, currency: amount.currency }, locale)

/** For totals: `€4.2M`. */
export const compactMoney = (amount: Amount) =>
  formatMoney({ minor: amount.value_minor, currency: amount.currency }, locale, 'compact')

/** For table cells: decimals only where there are cents to show, never rounded. */
export function cellMoney(amount: Amount): string {
  const text = toMajorText({ minor: amount.value_minor, currency: amount.currency })
  const whole = !/\.\d*[1-9]/.test(text)
  return whole ? fullMoney(amount).replace(/\.0+(?=\D*$)/, '') : fullMoney(amount)
}

/** Amounts of several currencies side by side, never added: the first `shown`, and how many are left out. */
export function sideBySide(amounts: readonly Amount[], shown: number): { texts: string[]; more: number } {
  return { texts: amounts.slice(0, shown).map(compactMoney), more: Math.max(0, amounts.length - shown) }
}

export const countWords = (count: number, noun: string, nouns = `${noun}s`) =>
  `${count.toLocaleString(locale)} ${count === 1 ? noun : nouns}`

export const numberWords = (count: number) => count.toLocaleString(locale)
