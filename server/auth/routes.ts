import type { Person } from '../../domain/directory.ts'
import type { Tokens } from '../../domain/rest/contract.ts'
import type { Deps } from '../deps.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { OpenRest, SignedInRest } from '../http/rest.ts'
import { findPerson, normalEmail } from '../people/queries.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { beginSession, continueSession, endSession, findTokenPerson, type Session } from './sessions.ts'

type Needs = Pick<Deps, 'store' | 'tokens' | 'config' | 'checkPassword' | 'limiters'>

const accountEnded = 'This account may not sign in any more. Ask whoever looks after QuoteDesk where you work.'
const signedOut = 'This refresh token does not hold (any more). Sign in again.'

export function authRoutes(rest: OpenRest, deps: Needs) {
  const { store, tokens, config, limiters } = deps

  const present = async (person: Person, session: Session): Promise<Tokens> => {
    const workspace = await findWorkspace(store.read)
    if (!workspace) throw new Error('somebody signed in, but there is no workspace: restore a backup')
    const accessToken = await tokens.issue(session, config.accessTtlMs)
    return {
      access_token: accessToken,
      refresh_token: session.token,
      expires_in_ms: config.accessTtlMs,
      person,
      workspace,
    }
  }

  return {
    signIn: rest.auth.signIn.handler(async ({ input, context }) => {
      const account = `${normalEmail(input.email)} ${context.address}`
      await limiters.signInAddress.take(context.address)
      await limiters.signInAccount.take(account)
      const person = await deps.checkPassword(input.email, input.password)
      if (!person) {
        throw new ProblemError('unauthorised', 'E-mail and password do not match. Check both and try again.')
      }
      await Promise.all([limiters.signInAddress.forgive(context.address), limiters.signInAccount.forgive(account)])
      return present(person, await store.transact((tx) => beginSession(tx, person.id, config)))
    }),

    refresh: rest.auth.refresh.handler(async ({ input, context }) => {
      await limiters.refreshAddress.take(context.address)
      const session = await store.transact((tx) => continueSession(tx, input.refresh_token, config))
      const person = session ? await findPerson(store.read, session.person_id) : null
      if (!session || !person?.active) throw await refusal(store, input.refresh_token)
      await limiters.refreshAddress.forgive(context.address)
      return present(person, session)
    }),

    signOut: rest.auth.signOut.handler(async ({ input, context }) => {
      await limiters.refreshAddress.take(context.address)
      const ended = await store.transact((tx) => endSession(tx, input.refresh_token))
      if (ended) await limiters.refreshAddress.forgive(context.address)
      return { signed_out: ended }
    }),
  }
}

/** Whoever holds a token of an account that was ended is told so: what they keep of it has to go. */
async function refusal(store: Deps['store'], token: string): Promise<ProblemError> {
  const personId = await findTokenPerson(store.read, token)
  const person = personId === null ? null : await findPerson(store.read, personId)
  return person && !person.active
    ? new ProblemError('unauthorised', accountEnded, { account: 'ended' })
    : new ProblemError('unauthorised', signedOut)
}

export function meRoute(rest: SignedInRest) {
  return rest.me.handler(({ context }) => context.caller)
}
