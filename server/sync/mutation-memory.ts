import type { Person } from '../../domain/directory.ts'
import { toInstantText } from '../../domain/time.ts'
import { type Mutation, type MutationResult, mutationResultSchema } from '../../domain/wire/sync-http.ts'
import { ProblemError } from '../http/problem-error.ts'
import { findReadableQuote } from '../quotes/find-readable.ts'
import { rowWriter } from '../store/rows.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { Tx } from '../store/tx.ts'
import { reject } from './apply-mutation.ts'

/** Whose queue of edits it is. */
export interface Client {
  client_id: string
  person_id: string
}
export type KnownClient = Tables['clients']

const dayMs = 24 * 60 * 60 * 1000
/** Results that one transaction of a pruning deletes, so that no edit waits long for it. */
const portion = 2_000

const readClient = 'select * from clients where client_id = ?'
const writeClient = rowWriter('clients', ['client_id', 'person_id', 'last_mutation_id', 'created_at', 'spoke_at'])
const moveClient = 'update clients set last_mutation_id = ?, spoke_at = ? where client_id = ?'
const readResult = 'select result from mutation_results where client_id = ? and mutation_id = ?'
const writeResult = rowWriter('mutation_results', ['client_id', 'mutation_id', 'version', 'result'])

/** The quote that it is about, of those that are about one. */
const quoteOf = (mutation: Mutation): string | null => ('quote' in mutation ? mutation.quote : null)

/** The client with its place in its queue; a new one is made. @throws ProblemError forbidden when it is another person's */
export async function admitClient(tx: Tx, client: Client): Promise<KnownClient> {
  const [known] = tx.db.fixed<KnownClient>(readClient, [client.client_id])
  if (!known) {
    const made = { ...client, last_mutation_id: 0, created_at: tx.at, spoke_at: tx.at }
    writeClient(tx.db, made)
    return made
  }
  if (known.person_id !== client.person_id) {
    throw new ProblemError('forbidden', 'This client id belongs to another person: use a client id of your own.')
  }
  return known
}

/** A batch of nothing but retries writes nothing, but once a day that the client still speaks. */
export async function moveOn(tx: Tx, known: KnownClient, last: number): Promise<void> {
  if (last === known.last_mutation_id && known.spoke_at > toInstantText(tx.nowMs - dayMs)) return
  tx.db.fixed(moveClient, [last, tx.at, known.client_id])
}

export async function remember(tx: Tx, client: Client, mutation: Mutation, result: MutationResult): Promise<void> {
  writeResult(tx.db, {
    client_id: client.client_id,
    mutation_id: mutation.mutation_id,
    version: result.outcome === 'committed' ? result.version : null,
    result: JSON.stringify(result),
  })
}

/**
 * What a mutation was answered the first time. One older than what is kept is refused in words, never done again (I4).
 * @param by may be told how the quote is now
 */
export async function firstAnswer(
  tx: Tx,
  client: Client,
  by: Person | null,
  mutation: Mutation,
): Promise<MutationResult> {
  const [row] = tx.db.fixed<{ result: string }>(readResult, [client.client_id, mutation.mutation_id])
  if (row) {
    const first = mutationResultSchema.parse(JSON.parse(row.result))
    // A restored history goes on from its heads, so what an earlier epoch committed lies in this one at the same place.
    return first.outcome === 'committed' ? { ...first, epoch: tx.epoch } : first
  }
  const id = quoteOf(mutation)
  const quote = by && id !== null ? await findReadableQuote(tx.db, by, id) : null
  const message =
    'This edit was answered so long ago that the answer is no longer kept, and it is not done again. ' +
    'Look at the quote, and repeat the edit if it is missing.'
  return reject(mutation, 'failed', message, quote)
}

/**
 * Deletes the answers given to clients that have not spoken since, in short transactions. Where each client is in its queue
 * stays known for ever. @returns how many answers went
 */
export async function pruneMutationResults(store: Store, olderThanInstant: string): Promise<number> {
  for (let pruned = 0; ; ) {
    const deleted = await store.transact(async ({ db }) => {
      const { numDeletedRows } = await db
        .deleteFrom('mutation_results')
        .where((eb) =>
          eb(
            eb.refTuple('client_id', 'mutation_id'),
            'in',
            eb
              .selectFrom('clients')
              .innerJoin('mutation_results as old', 'old.client_id', 'clients.client_id')
              .select(['old.client_id', 'old.mutation_id'])
              .where('clients.spoke_at', '<', olderThanInstant)
              .limit(portion)
              .$asTuple('client_id', 'mutation_id'),
          ),
        )
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    })
    pruned += deleted
    if (deleted < portion) return pruned
  }
}
