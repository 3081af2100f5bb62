import { z } from 'zod'

const knownCurrencies = new Set(Intl.supportedValuesOf('currency'))

/** ISO 4217 code in capitals. */
export const currencySchema = z
  .string()
  .refine((code) => knownCurrencies.has(code), { error: 'expected an ISO 4217 currency code such as EUR' })

/** A whole number of the currency's smallest unit (cents, yen, fils); never negative, never beyond 2^53. */
export const minorUnitsSchema = z.int().nonnegative()

export interface Money {
  minor: number
  currency: string
}

const digitsByCurrency = new Map<string, number>()

/** Decimal digits of the currency's minor unit: EUR 2, JPY 0, KWD 3. */
export function currencyDigits(currency: string): number {
  const known = digitsByCurrency.get(currency)
  if (known !== undefined) return known
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  digitsByCurrency.set(currency, digits)
  return digits
}

/** Minor units as a number of major units, for formats that other systems already speak (`value` on the wire). */
export function toMajorNumber({ minor, currency }: Money): number {
  return Number(toMajorText({ minor, currency }))
}

/** Minor units as exact decimal text: `{minor: 123456, currency: 'EUR'}` → `1234.56`. No floating point on the way. */
export function toMajorText({ minor, currency }: Money): string {
  const digits = currencyDigits(currency)
  if (digits === 0) return String(minor)
  const sign = minor < 0 ? '-' : ''
  const padded = String(Math.abs(minor)).padStart(digits + 1, '0')
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}

export type MoneyParse = { ok: true; money: Money } | { ok: false; problem: string }

/**
 * Reads plain decimal text (`1054`, `1054.5`, no signs, no grouping) into minor units.
 * More decimals than the currency has are refused unless they are zeros: rounding money silently loses it.
 */
export function parseMajor(text: string, currency: string): MoneyParse {
  const match = /^(\d{1,16})(?:\.(\d+))?$/.exec(text.trim())
  if (!match)
    return { ok: false, problem: `"${text}" is not an amount: expected digits with an optional decimal point` }
  const digits = currencyDigits(currency)
  const fraction = match[2] ?? ''
  if (/[1-9]/.test(fraction.slice(digits))) {
    return { ok: false, problem: `"${text}" has more decimals than ${currency} has (${digits})` }
  }
  const minor = Number(`${match[1] ?? ''}${fraction.slice(0, digits).padEnd(digits, '0')}`)
  if (!Number.isSafeInteger(minor)) return { ok: false, problem: `"${text}" is too large an amount` }
  return { ok: true, money: { minor, currency } }
}

/** Sum of amounts of one currency; throws RangeError when currencies mix or the sum leaves the safe integers. */
export function addMoney(amounts: readonly Money[], currency: string): Money {
  let minor = 0
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new RangeError(`cannot add ${amount.currency} to ${currency}`)
    minor += amount.minor
  }
  if (!Number.isSafeInteger(minor)) throw new RangeError('the sum is too large to be exact')
  return { minor, currency }
}

/** `share` percent (0–100, whole) of an amount, rounded half up to the minor unit. */
export function percentOf(money: Money, share: number): Money {
  const scaled = BigInt(money.minor) * BigInt(share)
  return { minor: Number((scaled + 50n) / 100n), currency: money.currency }
}

const formats = new Map<string, Intl.NumberFormat>()

/** For people: `€45,000.00` in the given locale; `compact` gives `€4.2M`. */
export function formatMoney(money: Money, locale: string, style: 'full' | 'compact' = 'full'): string {
  const key = `${locale} ${money.currency} ${style}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: money.currency,
      ...(style === 'compact' ? { notation: 'compact', maximumFractionDigits: 1 } : {}),
    })
    formats.set(key, format)
  }
  // Intl takes decimal text at run time and keeps it exact; its type only knows the literal form.
  return format.format(toMajorText(money) as `${number}`)
}
