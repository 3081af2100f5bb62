import { findCustomers, listCurrencies, listPeople, listTeams } from '../cache/directory-store.ts'
import { accountOf, rpc } from './base.ts'

const customersShown = 50

export const directoryProcedures = {
  get: rpc.directory.get.handler(({ context }) => {
    const { read } = accountOf(context).cache
    return { teams: listTeams(read), people: listPeople(read), currencies: listCurrencies(read) }
  }),
  customers: rpc.directory.customers.handler(({ input, context }) => ({
    customers: findCustomers(accountOf(context).cache.read, input.text, customersShown),
  })),
}
