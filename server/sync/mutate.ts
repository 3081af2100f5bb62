import type { Mutation, MutationResult } from '../../domain/wire/sync-http.ts'
import { mutationResultSchema } from '../../domain/wire/sync-http.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { Store } from '../store/store.ts'
import type { Tx } from '../store/tx.ts'
import { applyMutation } from './apply-mutation.ts'

interface Client {
  client_id: string
  person_id: string
}

/**
 * One mutation, at most once: its effect, its result and the client's place in the queue are one transaction.
 * A retry gets the first answer again.
 * @throws ProblemError mutation_gap without any effect, forbidden when the client belongs to somebody else
 */
export function mutateOnce(store: Store, client: Client, mutation: Mutation): Promise<MutationResult> {
  return store.transact(async (tx) => {
    const last = await lastMutationId(tx, client)
    if (mutation.mutation_id <= last) return storedResult(tx, client.client_id, mutation.mutation_id)
    if (mutation.mutation_id > last + 1) throw gap(last + 1)
    const result = await applyMutation(tx, client, mutation)
    await remember(tx, client.client_id, mutation, result)
    return result
  })
}

/** Refuses a batch that skips ahead as a whole, before anything of it is done. Retries among it may be any of the past. */
export async function expectNoGap(store: Store, client: Client, mutations: readonly Mutation[]): Promise<void> {
  const row = await store.read
    .selectFrom('clients')
    .select(['person_id', 'last_mutation_id'])
    .where('client_id', '=', client.client_id)
    .executeTakeFirst()
  if (row) expectOwner(row, client)
  let expected = (row?.last_mutation_id ?? 0) + 1
  for (const { mutation_id: id } of mutations) {
    if (id > expected) throw gap(expected)
    if (id === expected) expected += 1
  }
}

function gap(expected: number): ProblemError {
  return new ProblemError('mutation_gap', `Mutation ids skip ahead: expected ${expected}. Nothing was done.`, {
    expected_mutation_id: expected,
  })
}

function expectOwner(row: { person_id: string }, client: Client): void {
  if (row.person_id !== client.person_id) {
    throw new ProblemError('forbidden', 'This client id belongs to another person: use a client id of your own.')
  }
}

async function lastMutationId(tx: Tx, client: Client): Promise<number> {
  const row = await tx.db
    .selectFrom('clients')
    .select(['person_id', 'last_mutation_id'])
    .where('client_id', '=', client.client_id)
    .executeTakeFirst()
  if (row) {
    expectOwner(row, client)
    return row.last_mutation_id
  }
  await tx.db
    .insertInto('clients')
    .values({ ...client, last_mutation_id: 0, created_at: tx.at })
    .execute()
  return 0
}

async function storedResult(tx: Tx, clientId: string, mutationId: number): Promise<MutationResult> {
  const { result } = await tx.db
    .selectFrom('mutation_results')
    .select('result')
    .where('client_id', '=', clientId)
    .where('mutation_id', '=', mutationId)
    .executeTakeFirstOrThrow()
  const first = mutationResultSchema.parse(JSON.parse(result))
  // A restored history goes on from its heads, so what an earlier epoch committed lies in this one at the same place.
  return first.outcome === 'committed' ? { ...first, epoch: tx.epoch } : first
}

async function remember(tx: Tx, clientId: string, mutation: Mutation, result: MutationResult): Promise<void> {
  await tx.db
    .insertInto('mutation_results')
    .values({
      client_id: clientId,
      mutation_id: mutation.mutation_id,
      quote: mutation.quote,
      version: result.outcome === 'committed' ? result.version : null,
      result: JSON.stringify(result),
    })
    .execute()
  await tx.db
    .updateTable('clients')
    .set({ last_mutation_id: mutation.mutation_id })
    .where('client_id', '=', clientId)
    .execute()
}
