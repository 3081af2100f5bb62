import { implement, ORPCError } from '@orpc/server'
import { engineContract } from '../../../domain/rpc/contract.ts'
import type { Account } from '../account/account.ts'
import { CacheFullError } from '../cache/damage.ts'
import { NotHereError, RefusedError } from '../outbox/refusal.ts'
import type { Running } from '../running.ts'
import type { Window } from '../windows.ts'

/** What every procedure gets: the engine and the window that asks. */
export interface RpcContext {
  engine: Running
  window: Window
}

/** Words for a refusal reach the window as the contract's `refused` or `not_found`; anything else is a fault of ours and is logged. */
export const rpc = implement(engineContract)
  .$context<RpcContext>()
  .use(async ({ next, context, path }) => {
    try {
      return await next()
    } catch (error) {
      if (error instanceof RefusedError) {
        throw new ORPCError('refused', { message: error.message, data: { code: error.code } })
      }
      if (error instanceof CacheFullError) {
        throw new ORPCError('refused', { message: error.message, data: { code: 'disk_full' } })
      }
      if (error instanceof NotHereError) throw new ORPCError('not_found', { message: error.message })
      if (!(error instanceof ORPCError)) context.engine.log.error({ err: error, path }, 'a procedure failed')
      throw error
    }
  })

/** @throws RefusedError when nobody is signed in */
export function accountOf({ engine }: RpcContext): Account {
  const current = engine.session.state.get()
  if (current.state === 'signed_out') throw new RefusedError('signed_out', 'Sign in first.')
  return current.account
}
