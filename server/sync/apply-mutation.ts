import type { Quote } from '../../domain/quote.ts'
import type { Mutation, MutationResult } from '../../domain/wire/sync-http.ts'
import type { Transition } from '../../domain/workflow.ts'
import { findPerson } from '../people/queries.ts'
import { changeStatus } from '../quotes/change-status.ts'
import { mayRead, noSuchQuote } from '../quotes/policy.ts'
import { findQuote } from '../quotes/queries.ts'
import type { Tx } from '../store/tx.ts'

type Rejection = Extract<MutationResult, { outcome: 'rejected' }>

/** Applies one queued edit with the rights its person has now. Every mutation ends committed or rejected. */
export async function applyMutation(
  tx: Tx,
  client: { client_id: string; person_id: string },
  mutation: Mutation,
): Promise<MutationResult> {
  const reject = (code: Rejection['code'], message: string, current: Quote | null): Rejection => ({
    outcome: 'rejected',
    mutation_id: mutation.mutation_id,
    code,
    message,
    current,
  })

  const by = await findPerson(tx.db, client.person_id)
  const quote = await findQuote(tx.db, mutation.quote)
  if (!by?.active || !quote || !mayRead(by, quote)) return reject('not_found', noSuchQuote, null)
  const conflict = await conflictOf(tx, client.client_id, mutation, quote)
  if (conflict !== null) return reject('conflict', conflict, quote)
  const transition = toTransition(mutation)
  if (!transition) {
    return reject('not_a_next_state', 'Closing needs an outcome, and only a closed quote has one.', quote)
  }

  const change = await changeStatus(
    tx,
    quote,
    {
      transition,
      reason: mutation.reason,
      origin: { client_id: client.client_id, mutation_id: mutation.mutation_id },
    },
    by,
  )
  if (!change.ok) return reject(change.refusal.code, change.refusal.message, quote)
  const { stream, epoch, seq } = change.place
  return {
    outcome: 'committed',
    mutation_id: mutation.mutation_id,
    stream,
    epoch,
    seq,
    version: change.quote.version,
  }
}

/**
 * The same field changed since the version the person saw. Earlier edits of the same client do not count: the person saw
 * them as pending when they made this one.
 */
async function conflictOf(tx: Tx, clientId: string, mutation: Mutation, quote: Quote): Promise<string | null> {
  const { latest } = await tx.db
    .selectFrom('history')
    .select((eb) => eb.fn.max<number | null>('version').as('latest'))
    .where('quote', '=', quote.id)
    .where('version', '>', mutation.base_version)
    .where('kind', '=', 'transition')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('mutation_results')
            .select('mutation_id')
            .where('client_id', '=', clientId)
            .whereRef('mutation_results.quote', '=', 'history.quote')
            .whereRef('mutation_results.version', '=', 'history.version'),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  if (latest === null) return null
  return `Somebody else changed the status meanwhile: it is ${quote.status} now. Look at it and decide again.`
}

function toTransition({ to, outcome }: Mutation): Transition | null {
  if (to === 'closed') return outcome === null ? null : { to, outcome }
  return outcome === null ? { to } : null
}
