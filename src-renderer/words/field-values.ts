import { Temporal } from 'temporal-polyfill'
import type { z } from 'zod'
import { localDate } from '../../domain/expiry.ts'
import {
  type ChangedFields,
  type Line,
  linesTotalMinor,
  type Outcome,
  outcomeSchema,
  quoteFieldsSchema,
  type Status,
  statusSchema,
} from '../../domain/quote.ts'
import type { ShownConflict } from '../../domain/rpc/quotes.ts'
import { plainDateWords, zoneCity } from './dates.ts'
import { fieldWords } from './fields.ts'
import { countWords, fullMoney } from './money.ts'
import { capitalised, statusLook } from './status.ts'

export type ValueField = keyof ChangedFields | 'status'

/** `Valid until`, `Value` … */
export const fieldTitle = (field: ValueField) => capitalised(field === 'status' ? 'status' : fieldWords[field])

/** What is needed to say a value as people do. */
export interface ValueContext {
  /** Of amounts. */
  currency: string
  nowMs: number
  timeZone: string
  /** The name of a person, team or customer by id; null when not known here. */
  nameOf: (id: string) => string | null
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> | null {
  const result = schema.safeParse(value)
  return result.success ? result.data : null
}

/** The lines of a value, or null when it is not lines. */
export const linesOf = (value: unknown): Line[] | null => parsed(quoteFieldsSchema.shape.lines, value)

/** A status, or the outcome by which a closed quote is called; null when it is neither. */
export function stateOf(value: unknown): { status: Status; outcome: Outcome | null } | null {
  const outcome = parsed(outcomeSchema, value)
  if (outcome !== null) return { status: 'closed', outcome }
  const status = parsed(statusSchema, value)
  return status === null ? null : { status, outcome: null }
}

/** `3 lines, €4,500.00` */
export function linesWords(lines: readonly Line[], currency: string): string {
  if (lines.length === 0) return 'no lines'
  return `${countWords(lines.length, 'line')}, ${fullMoney({ currency, value_minor: linesTotalMinor(lines) })}`
}

const absent: Partial<Record<ValueField, string>> = { customer_id: 'no customer', expires_on: 'no date' }

/** A field's value as people say it; never empty. */
export function valueWords(field: ValueField, value: unknown, context: ValueContext): string {
  if (value === null || value === undefined) return absent[field] ?? 'nothing'
  // Of a kind that this version does not know: shown as it is rather than hidden.
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  switch (field) {
    case 'value_minor': {
      const minor = parsed(quoteFieldsSchema.shape.value_minor, value)
      return minor === null ? text : fullMoney({ currency: context.currency, value_minor: minor })
    }
    case 'lines': {
      const lines = linesOf(value)
      return lines === null ? text : linesWords(lines, context.currency)
    }
    case 'expires_on': {
      const date = parsed(quoteFieldsSchema.shape.expires_on, value)
      return date === null ? text : plainDateWords(date, yearOf(context))
    }
    case 'time_zone':
      return `${zoneCity(text)} (${text})`
    case 'title':
      return value === '' ? 'no title' : text
    case 'status': {
      const state = stateOf(value)
      return state === null ? text : statusLook(state.status, state.outcome).word
    }
    case 'currency':
      return text
    default:
      return nameWords(field, text, context)
  }
}

/** People, teams and customers come as names, or as ids of which the name may not be known on this machine. */
function nameWords(field: 'customer_id' | 'team_id' | 'owner_id', text: string, { nameOf }: ValueContext): string {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(text)) return text
  return nameOf(text) ?? { customer_id: 'a customer', team_id: 'a team', owner_id: 'somebody' }[field]
}

const yearOf = ({ nowMs, timeZone }: ValueContext) => Temporal.PlainDate.from(localDate(nowMs, timeZone)).year

/** In which currency each side's amounts are: its own where the dispute is about that too. */
export function sideCurrencies(conflicts: readonly ShownConflict[], fallback: string) {
  const dispute = conflicts.find(({ field }) => field === 'currency')
  const of = (value: unknown) => parsed(quoteFieldsSchema.shape.currency, value) ?? fallback
  return { base: of(dispute?.base), mine: of(dispute?.mine), theirs: of(dispute?.theirs) }
}
