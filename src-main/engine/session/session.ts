import type { SampleAccount } from '../../../domain/host/messages.ts'
import type { Tokens } from '../../../domain/rest/contract.ts'
import { toInstantText } from '../../../domain/time.ts'
import { type Account, type AccountOptions, cacheFile, openAccount, removeCache } from '../account/account.ts'
import { forgetMeta } from '../cache/meta.ts'
import { CacheError } from '../cache/migrate.ts'
import { countEntries } from '../cache/outbox-store.ts'
import { replaceDamaged } from '../cache/quarantine.ts'
import { type Cell, createCell } from '../cell.ts'
import { RefusedError } from '../outbox/refusal.ts'
import type { DeviceFile } from './device-file.ts'
import { createRestClient, failureWords, refusalOf } from './rest-client.ts'
import { accessOf, createTokenKeeper, type TokenStart } from './tokens.ts'

/** Who is signed in; `problem` says why nobody is, when that is news to the person. */
export type SessionState = { state: 'signed_out'; problem: string | null } | { state: 'signed_in'; account: Account }

export interface SessionOptions
  extends Pick<AccountOptions, 'deps' | 'log' | 'serverUrl' | 'dataDir' | 'notifier' | 'presence'> {
  device: DeviceFile
  sampleAccounts: readonly SampleAccount[]
  /** Gives the refresh token to the host to keep, null to forget it. */
  keepSecret: (secret: string | null) => void
}

export interface SessionKeeper {
  readonly state: Cell<SessionState>
  /** Goes on with a kept refresh token: signed in at once when the cache knows the person, also while the server is away. */
  resume: (secret: string) => Promise<void>
  /** @throws RefusedError in words for the person */
  signIn: (email: string, password: string) => Promise<void>
  signInSample: (email: string) => Promise<void>
  /** Signed out here at once; the server is told when it can be reached. */
  signOut: () => void
  /** The person has read what befell the copy on this machine. */
  dismissNotice: () => void
  stop: () => void
}

/** A disk that breaks one file after the other is not to be fought all day. */
const mostReplacements = 3

export function createSessionKeeper(options: SessionOptions): SessionKeeper {
  const { deps, device, log, serverUrl, keepSecret } = options
  const state = createCell<SessionState>({ state: 'signed_out', problem: null })
  const rest = createRestClient(serverUrl, deps.fetch, () => null)
  let stopped = false
  let replacements = 0

  const enter = (who: AccountOptions['who'], start: TokenStart): boolean => {
    const tokens = createTokenKeeper({
      rest,
      clock: deps.clock,
      start,
      // A refresh may end after the sign-out that it overlapped: what it brings must not be kept.
      onTokens: (fresh) => {
        const current = state.get()
        if (current.state === 'signed_in' && current.account.tokens === tokens) keepSecret(fresh.refresh_token)
      },
    })
    return open(who, tokens)
  }

  const open = (who: AccountOptions['who'], tokens: AccountOptions['tokens']): boolean => {
    const account: Account | null = openAccount({
      ...options,
      who,
      tokens,
      onSessionEnded: (message, accountEnded) => {
        if (accountEnded) leaveForGood(message)
        else leave(endedWords(message))
      },
      onDamage: () => {
        if (account) replaceCache(account)
      },
    })
    if (!account) return false
    device.remember(serverUrl, account.person.get().id)
    state.set({ state: 'signed_in', account })
    account.start()
    return true
  }

  /** Goes on with a fresh file, still signed in; what only this machine knew is taken over as far as it can be read. */
  const replaceCache = (account: Account) => {
    const current = state.get()
    if (current.state !== 'signed_in' || current.account !== account) return
    replacements += 1
    const person = account.person.get()
    try {
      account.stop()
      if (replacements > mostReplacements) {
        throw new CacheError('The copy on this machine was found damaged again and again. Check its disk.')
      }
      replaceDamaged(cacheFile(options.dataDir, serverUrl, person.id), toInstantText(deps.clock.nowMs()))
      open({ person, workspace: null }, account.tokens)
    } catch (error) {
      log.error({ err: error }, 'a damaged cache could not be replaced')
      keepSecret(null)
      state.set({ state: 'signed_out', problem: failureOf(error) })
    }
  }

  const enterWith = (tokens: Tokens) => {
    keepSecret(tokens.refresh_token)
    const { person, workspace } = tokens
    enter({ person, workspace }, { refreshToken: tokens.refresh_token, access: accessOf(tokens, deps.clock) })
  }

  const leave = (problem: string | null) => {
    const current = state.get()
    keepSecret(null)
    // First the state: nobody may use the cache once it is closed.
    state.set({ state: 'signed_out', problem })
    if (current.state === 'signed_in') current.account.stop()
  }

  /** I16: whoever may see nothing any more leaves nothing behind, unsent changes included: nobody would take them. */
  const leaveForGood = (message: string) => {
    const current = state.get()
    const personId = current.state === 'signed_in' ? current.account.person.get().id : null
    leave(`${message} The copy on this machine was removed.`)
    if (personId !== null) removeCache(options.dataDir, serverUrl, personId)
  }

  const endedWords = (message: string): string => {
    const current = state.get()
    const pending = current.state === 'signed_in' ? countEntries(current.account.cache.read).pending : 0
    const kept = pending === 0 ? '' : ` ${pending} unsent ${pending === 1 ? 'change is' : 'changes are'} kept.`
    return `${message}${kept}`
  }

  const signIn = async (email: string, password: string) => {
    if (state.get().state === 'signed_in') throw new RefusedError('signed_in', 'Sign out first.')
    let tokens: Tokens
    try {
      tokens = await rest.auth.signIn({ email, password })
    } catch (error) {
      log.info({ code: refusalOf(error)?.code ?? null }, 'sign-in failed')
      throw new RefusedError(refusalOf(error)?.code ?? 'unreachable', failureWords(error))
    }
    if (stopped) return
    if (state.get().state === 'signed_in') throw new RefusedError('signed_in', 'Somebody signed in meanwhile.')
    try {
      enterWith(tokens)
    } catch (error) {
      if (!(error instanceof CacheError)) throw error
      throw new RefusedError('cache', error.message)
    }
  }

  return {
    state,
    resume: async (secret) => {
      const personId = device.lastPerson(serverUrl)
      const started = { refreshToken: secret, access: null }
      try {
        if (personId !== null && enter({ person_id: personId }, started)) return
        const tokens = await rest.auth.refresh({ refresh_token: secret })
        if (!stopped && state.get().state === 'signed_out') enterWith(tokens)
      } catch (error) {
        log.warn({ err: error }, 'going on with the kept sign-in failed')
        if (refusalOf(error)?.status === 401) keepSecret(null)
        if (state.get().state === 'signed_out') {
          state.set({ state: 'signed_out', problem: failureOf(error) })
        }
      }
    },
    signIn,
    signInSample: async (email) => {
      const account = options.sampleAccounts.find((candidate) => candidate.email === email)
      if (!account) throw new RefusedError('not_found', `There is no sample account ${email} on this machine.`)
      await signIn(account.email, account.password)
    },
    signOut: () => {
      const current = state.get()
      if (current.state === 'signed_out') return
      const refreshToken = current.account.tokens.refreshToken()
      leave(null)
      rest.auth
        .signOut({ refresh_token: refreshToken })
        .catch((error: unknown) => log.info({ err: error }, 'the server could not be told of the sign-out'))
    },
    dismissNotice: () => {
      const current = state.get()
      if (current.state === 'signed_out') return
      current.account.cache.transact((db) => {
        forgetMeta(db, 'notice')
        // The session says it.
        db.touched.directory()
      })
    },
    stop: () => {
      stopped = true
      const current = state.get()
      if (current.state === 'signed_in') current.account.stop()
    },
  }
}

function failureOf(error: unknown): string {
  return error instanceof CacheError ? error.message : failureWords(error)
}
