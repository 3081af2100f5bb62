import {
  type Assignment,
  assignmentSchema,
  type Line,
  lineSchema,
  linesTotalMinor,
  type QuoteFields,
  quoteFieldsSchema,
} from '../../domain/quote.ts'
import { readAmount, readQuantity } from './amounts.ts'
import { isBlank, type LineValues, type QuoteFormValues, readValue } from './values.ts'

/** Where in the form a problem stands, e.g. `lines.2.quantity`. */
export interface FieldProblem {
  path: string
  message: string
}

export type ReadForm =
  | { ok: true; fields: QuoteFields; assignment: Assignment }
  | { ok: false; problems: FieldProblem[] }

/** Reads what is typed into what a quote holds, or says field by field what is wrong. */
export function readForm(values: QuoteFormValues): ReadForm {
  const problems: FieldProblem[] = []
  const lines = readLines(values, problems)
  const value = readValue(values)
  if (!value.ok) problems.push({ path: 'value', message: value.problem })
  const wish = {
    customer_id: values.customer?.id ?? null,
    title: values.title.trim(),
    currency: values.currency,
    lines,
    value_minor: value.ok ? value.value : 0,
    expires_on: values.expires_on === '' ? null : values.expires_on,
    time_zone: values.time_zone,
  }
  // Where the typing was fine, the domain's own rules still have the last word.
  const fields = quoteFieldsSchema.safeParse(wish)
  const assignment = assignmentSchema.safeParse({ team_id: values.team_id, owner_id: values.owner_id })
  for (const issue of [...(fields.error?.issues ?? []), ...(assignment.error?.issues ?? [])]) {
    problems.push(worded(issue.path.join('.'), issue.message))
  }
  if (problems.length > 0 || !fields.success || !assignment.success) return { ok: false, problems }
  return { ok: true, fields: fields.data, assignment: assignment.data }
}

const formNames: Record<string, string> = { customer_id: 'customer', value_minor: 'value' }
const wordsOf: Record<string, string> = {
  team_id: 'Choose a team.',
  owner_id: 'Choose an owner.',
  expires_on: 'Choose a date that exists.',
  time_zone: 'Choose a time zone.',
  title: 'At most 200 characters.',
  lines: 'At most 500 lines.',
}

function worded(path: string, message: string): FieldProblem {
  return { path: formNames[path] ?? path, message: wordsOf[path] ?? message }
}

function readLines({ lines, currency }: QuoteFormValues, problems: FieldProblem[]): Line[] {
  const read: Line[] = []
  for (const [index, line] of lines.entries()) {
    if (isBlank(line)) continue
    const result = readLine(line, currency)
    if (result.line) read.push(result.line)
    for (const { path, message } of result.problems) problems.push({ path: `lines.${index}.${path}`, message })
  }
  try {
    linesTotalMinor(read)
  } catch {
    problems.push({ path: 'lines', message: 'The lines add up to more than can be kept exactly.' })
  }
  return read
}

function readLine(line: LineValues, currency: string): { line: Line | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const quantity = readQuantity(line.quantity)
  const price = line.unit_price.trim() === '' ? null : readAmount(line.unit_price, currency)
  const product = line.product.trim()
  if (product === '') problems.push({ path: 'product', message: 'Name the product.' })
  if (!quantity.ok) problems.push({ path: 'quantity', message: quantity.problem })
  if (price === null) problems.push({ path: 'unit_price', message: 'Type a price; 0 if it is free.' })
  else if (!price.ok) problems.push({ path: 'unit_price', message: price.problem })
  if (problems.length > 0 || !quantity.ok || !price?.ok) return { line: null, problems }
  const wish = {
    product,
    description: line.description.trim(),
    quantity: quantity.value,
    unit_price_minor: price.value,
  }
  const parsed = lineSchema.safeParse(wish)
  if (parsed.success) return { line: parsed.data, problems }
  const long = parsed.error.issues.map(({ path: [name] }) => ({
    path: String(name),
    message: 'This text is too long.',
  }))
  return { line: null, problems: long }
}
