import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { SignedInRest } from '../http/rest.ts'
import { findCustomer, listCustomers } from './queries.ts'

const cursorSchema = z.tuple([z.string(), z.string()])

export function customerRoutes(rest: SignedInRest, { store }: Pick<Deps, 'store'>) {
  return {
    list: rest.customers.list.handler(async ({ input }) => {
      const after = input.cursor === undefined ? null : parseCursor(input.cursor)
      const customers = await listCustomers(store.read, { after, limit: input.limit })
      const last = customers.length === input.limit ? customers.at(-1) : undefined
      return { customers, next_cursor: last ? toCursor(last) : null }
    }),

    get: rest.customers.get.handler(async ({ input }) => {
      const customer = await findCustomer(store.read, input.id)
      if (!customer) throw new ProblemError('not_found', 'There is no such customer, or you may not see it.')
      return customer
    }),
  }
}

function toCursor({ name, id }: { name: string; id: string }): string {
  return Buffer.from(JSON.stringify([name, id])).toString('base64url')
}

function parseCursor(cursor: string): { name: string; id: string } {
  try {
    const [name, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { name, id }
  } catch {
    throw new ProblemError('invalid_request', 'The cursor is not one of ours: pass next_cursor of the previous page.')
  }
}
