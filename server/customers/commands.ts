import { type Customer, customerSchema } from '../../domain/directory.ts'
import type { Tx } from '../store/tx.ts'

/** Makes or replaces a customer. */
export async function saveCustomer(tx: Tx, customer: Customer): Promise<void> {
  const data = customerSchema.parse(customer)
  await tx.saveCustomer(data)
  await tx.appendEvent(await tx.orgStream(), { type: 'customer.saved', data })
}
