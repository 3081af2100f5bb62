import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Person } from '../../domain/directory.ts'
import type { Mutation, MutationResult } from '../../domain/wire/sync-http.ts'
import { ProblemError } from '../http/problem-error.ts'
import { findPerson } from '../people/queries.ts'
import { isStorageTrouble } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import type { Tx } from '../store/tx.ts'
import { applyMutation, reject } from './apply-mutation.ts'
import { admitClient, type Client, firstAnswer, moveOn, remember } from './mutation-memory.ts'

/** Longer than this no batch holds the event loop: reads and sockets get a turn; other writes wait for it anyway. */
const turnMs = 20
/** An answer that would quote huge quotes again and again stops quoting them: the stream tells of them too. */
const maxQuotedChars = 4_000_000
/** What a batch may add to the log, all of which is in memory until it is told. Only huge quotes come near. */
const maxEventChars = 64_000_000

interface Batch {
  tx: Tx
  client: Client
  /** With the rights of this transaction; null when they may nothing any more. */
  by: Person | null
  log: Pick<Logger, 'error'>
  quotedChars: number
}

/**
 * Queued edits, in order, each at most once: effects, answers and the client's place in its queue are one transaction. A
 * retry gets the first answer again. What the server breaks over is undone alone, logged and answered `failed`, so that it
 * does not stop what is behind it.
 * @throws ProblemError mutation_gap, forbidden when the client id is another person's, payload_too_large when it would add
 *   too much at once; StorageFullError, StorageBusyError. Nothing of the batch has been done then.
 */
export function mutate(
  { store, log }: { store: Store; log: Pick<Logger, 'error'> },
  client: Client,
  mutations: readonly Mutation[],
): Promise<MutationResult[]> {
  return store.transact(async (tx) => {
    const known = await admitClient(tx, client)
    expectNoGap(known.last_mutation_id, mutations)
    const person = await findPerson(tx.db, client.person_id)
    const batch: Batch = { tx, client, by: person?.active ? person : null, log, quotedChars: 0 }
    const results: MutationResult[] = []
    let last = known.last_mutation_id
    let turnStartMs = performance.now()
    for (const mutation of mutations) {
      const isNew = mutation.mutation_id > last
      results.push(isNew ? await take(batch, mutation) : await firstAnswer(tx, client, batch.by, mutation))
      last = Math.max(last, mutation.mutation_id)
      if (performance.now() - turnStartMs < turnMs) continue
      await nextTurn()
      turnStartMs = performance.now()
    }
    await moveOn(tx, known, last)
    return results
  })
}

/** Refuses a batch that skips ahead as a whole, before anything of it is done. Retries among it may be any of the past. */
function expectNoGap(last: number, mutations: readonly Mutation[]): void {
  let expected = last + 1
  for (const { mutation_id: id } of mutations) {
    if (id > expected) {
      throw new ProblemError('mutation_gap', `Mutation ids skip ahead: expected ${expected}. Nothing was done.`, {
        expected_mutation_id: expected,
      })
    }
    if (id === expected) expected += 1
  }
}

async function take(batch: Batch, mutation: Mutation): Promise<MutationResult> {
  const { tx, client } = batch
  const full = await tryToApply(batch, mutation)
  if (tx.eventChars > maxEventChars) {
    throw new ProblemError('payload_too_large', 'These edits would add too much at once. Send half as many.')
  }
  const result = quoted(batch, full)
  await remember(tx, client, mutation, result)
  return result
}

async function tryToApply({ tx, client, by, log }: Batch, mutation: Mutation): Promise<MutationResult> {
  try {
    return await tx.attempt(() => applyMutation(tx, client.client_id, by, mutation))
  } catch (error) {
    if (isStorageTrouble(error)) throw error
    const { name, mutation_id } = mutation
    log.error({ err: error, client_id: client.client_id, mutation_id, name }, 'a mutation failed and was undone')
    const message = 'The server could not do this edit, and its log has the cause. Nothing of it was done: try it anew.'
    return reject(mutation, 'failed', message, null)
  }
}

function quoted(batch: Batch, result: MutationResult): MutationResult {
  if (result.outcome === 'committed' || result.current === null) return result
  batch.quotedChars += JSON.stringify(result.current).length
  return batch.quotedChars > maxQuotedChars ? { ...result, current: null } : result
}
