import type { z } from 'zod'
import { customerSchema, personSchema, teamSchema } from '../../domain/directory.ts'
import { lineSchema, quoteSchema } from '../../domain/quote.ts'
import type { ImportPlan, SourcePlace } from './plan.ts'
import type { ImportReport } from './report.ts'

const team = teamSchema.pick({ name: true }).strip()
const person = personSchema.pick({ name: true }).strip()
const customer = customerSchema.omit({ id: true }).strip()
const quote = quoteSchema.pick({ title: true, value_minor: true, currency: true, expires_on: true }).strip()
const lines = lineSchema.array()

/** Holds everything planned against the domain's schemas, so that nothing fails half-way through the transaction. */
export function checkPlan(plan: ImportPlan, report: ImportReport): void {
  const check = (schema: z.ZodType, value: unknown, at: SourcePlace): void => {
    const parsed = schema.safeParse(value)
    for (const issue of parsed.error?.issues ?? []) report.add('refused', at, issue.path.join('.'), issue.message)
  }
  for (const planned of plan.teams) check(team, planned, planned)
  for (const planned of plan.people) check(person, planned, planned)
  for (const planned of plan.customers) check(customer, planned, planned)
  for (const planned of plan.quotes) {
    check(quote, planned, planned)
    check(lines, planned.lines, planned)
  }
}
