import { currencyDigits } from '../../domain/money.ts'
import type { Line } from '../../domain/quote.ts'
import type { Random } from './random.ts'

/** `price` in whole euros; `upTo` is the most that one quote asks for. */
interface Product {
  name: string
  description: string
  price: number
  upTo: number
}

export const machines: readonly Product[] = [
  { name: 'Labeller L200', description: 'Wrap-around labelling, 200 containers a minute', price: 38_400, upTo: 2 },
  { name: 'Labeller L600', description: 'Rotary labelling, 600 containers a minute', price: 91_500, upTo: 2 },
  { name: 'Case packer C12', description: 'Top loading, 12 cases a minute', price: 64_200, upTo: 2 },
  { name: 'Palletiser P4', description: 'Four-axis arm with gripper and safety fence', price: 118_000, upTo: 1 },
  { name: 'Checkweigher W3', description: '3 kg range, 0.1 g, with rejection', price: 14_900, upTo: 4 },
  { name: 'Metal detector M1', description: 'For conveyors up to 400 mm', price: 11_250, upTo: 4 },
  { name: 'Filling head F8', description: 'Eight nozzles, hygienic design', price: 52_700, upTo: 2 },
  { name: 'Shrink tunnel S2', description: 'Two zones, 80 packs a minute', price: 23_600, upTo: 2 },
  { name: 'Tray sealer T5', description: 'Modified atmosphere, quick tool change', price: 71_800, upTo: 1 },
  { name: 'Vision station V2', description: 'Reads codes and checks prints', price: 18_300, upTo: 4 },
]

export const extras: readonly Product[] = [
  { name: 'Conveyor, per metre', description: 'Stainless, 300 mm belt', price: 640, upTo: 40 },
  { name: 'Installation day', description: 'One technician, travel included', price: 1_150, upTo: 12 },
  { name: 'Operator training', description: 'Half a day on site', price: 780, upTo: 4 },
  { name: 'Spare parts kit', description: 'For two years of one shift', price: 2_950, upTo: 3 },
  { name: 'Service contract, 1 year', description: 'Two visits, 24 h response', price: 4_200, upTo: 3 },
  { name: 'Format set', description: 'For one more container size', price: 3_480, upTo: 6 },
  { name: 'Remote access box', description: 'Encrypted, with its own switch', price: 1_390, upTo: 4 },
  { name: 'Validation documents', description: 'IQ, OQ and PQ protocols', price: 5_600, upTo: 1 },
]

/** The company's own price list, not an exchange rate of some day: each currency has its factor and its step. */
const priceLists: Record<string, { factor: number; step: number }> = {
  EUR: { factor: 1, step: 5 },
  USD: { factor: 1.12, step: 5 },
  GBP: { factor: 0.88, step: 5 },
  CHF: { factor: 0.99, step: 5 },
  PLN: { factor: 4.35, step: 10 },
  SEK: { factor: 11.4, step: 50 },
  CAD: { factor: 1.52, step: 5 },
  BRL: { factor: 6.1, step: 10 },
  JPY: { factor: 163, step: 1_000 },
  AUD: { factor: 1.68, step: 5 },
  SGD: { factor: 1.48, step: 5 },
  INR: { factor: 94, step: 500 },
  KWD: { factor: 0.345, step: 0.25 },
}

/** List price of the product in minor units of the currency. */
function priceMinor(product: Product, currency: string): number {
  const list = priceLists[currency]
  if (!list) throw new RangeError(`the sample has no price list in ${currency}`)
  const major = Math.max(1, Math.round((product.price * list.factor) / list.step)) * list.step
  return Math.round(major * 10 ** currencyDigits(currency))
}

function lineOf(product: Product, currency: string, random: Random): Line {
  const { name, description, upTo } = product
  return { product: name, description, quantity: random.int(1, upTo), unit_price_minor: priceMinor(product, currency) }
}

/** One machine or several and what goes with it; sometimes only parts and service. */
export function makeLines(currency: string, random: Random): Line[] {
  const machineCount = random.chance(0.2) ? 0 : random.chance(0.25) ? 2 : 1
  const products = new Set<Product>()
  while (products.size < machineCount) products.add(random.pick(machines))
  const wanted = products.size + random.int(machineCount === 0 ? 1 : 0, 4)
  while (products.size < wanted) products.add(random.pick(extras))
  return [...products].map((product) => lineOf(product, currency, random))
}

const places = ['plant 2', 'the new hall', 'line 4', 'the south site', 'the export line', 'the pilot line'] as const

export function makeTitle(lines: readonly Line[], random: Random): string {
  const lead = lines[0]?.product ?? 'Packaging equipment'
  const isExtra = extras.some((extra) => extra.name === lead)
  if (isExtra) return random.pick(['Spare parts and service', `${lead} and more`, 'Maintenance package'])
  return random.pick([lead, `${lead} for ${random.pick(places)}`, `Retrofit: ${lead}`, `${lead}, turnkey`])
}
