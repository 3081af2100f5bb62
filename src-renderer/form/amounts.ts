import { currencyDigits, parseMajor, toMajorText } from '../../domain/money.ts'

export type Read<Value> = { ok: true; value: Value } | { ok: false; problem: string }

const grouped = /^\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?$/

/** An amount as people type it, in major units: `1250.5`, also `1,250.50`. @returns minor units, or words for the field */
export function readAmount(text: string, currency: string): Read<number> {
  const trimmed = text.trim()
  const plain = grouped.test(trimmed) ? trimmed.replaceAll(/[, ]/g, '') : trimmed
  const digits = currencyDigits(currency)
  if (plain.startsWith('-')) return { ok: false, problem: 'An amount cannot be negative.' }
  if (!/^\d+(?:\.\d+)?$/.test(plain)) {
    return { ok: false, problem: `Type digits${digits > 0 ? ' with a point for decimals' : ''}: ${example(digits)}.` }
  }
  const parsed = parseMajor(plain, currency)
  if (parsed.ok) return { ok: true, value: parsed.money.minor }
  const decimals = plain.split('.')[1] ?? ''
  if (!/[1-9]/.test(decimals.slice(digits))) return { ok: false, problem: 'That is more than can be kept exactly.' }
  const has = digits === 0 ? 'no decimals' : `only ${digits} decimals`
  return { ok: false, problem: `${currency} has ${has}.` }
}

const example = (digits: number) => (digits === 0 ? '1250' : `1250.${'5'.padEnd(digits, '0')}`)

/** Minor units as the form shows them for typing: `1250.50`, no sign, no grouping. */
export const amountText = (minor: number, currency: string) => toMajorText({ minor, currency })

const maxQuantity = 1_000_000

/** A quantity: a whole number from 1 to a million, grouped or not. */
export function readQuantity(text: string): Read<number> {
  const trimmed = text.trim()
  const plain = grouped.test(trimmed) ? trimmed.replaceAll(/[, ]/g, '') : trimmed
  const value = Number(plain)
  if (/^\d{1,9}$/.test(plain) && value >= 1 && value <= maxQuantity) return { ok: true, value }
  return { ok: false, problem: 'Type a whole number from 1 to 1,000,000.' }
}
