import type { Command } from 'commander'
import { createAccessTokens } from '../auth/access-tokens.ts'
import { beginFamily } from '../auth/sessions.ts'
import { loadSigningKey } from '../auth/signing-key.ts'
import { systemClock } from '../clock.ts'
import { signingKeyFile } from '../config.ts'
import { findPersonByEmail } from '../people/queries.ts'
import {
  answer,
  type CommonOptions,
  dataDirOf,
  expectDatabase,
  parseDuration,
  UsageError,
  withCommonOptions,
  withStore,
} from './common.ts'

interface TokenOptions extends CommonOptions {
  ttl: string
}

export function registerTokenCommand(program: Command): void {
  withCommonOptions(
    program.command('token').description('Make an access token for a person, for scripts that speak to the server'),
  )
    .argument('<email>', 'e-mail address of the person')
    .option('--ttl <duration>', 'how long it holds: 30s, 15m, 8h, 7d', '15m')
    .action((email: string, options: TokenOptions) => makeToken(email, options))
}

async function makeToken(email: string, options: TokenOptions): Promise<void> {
  expectDatabase(options)
  const ttlMs = parseDuration(options.ttl)
  const session = await withStore(options, (store) =>
    store.transact(async (tx) => {
      const person = await findPersonByEmail(tx.db, email)
      if (!person?.active) throw new UsageError(`nobody who may sign in has the e-mail address ${email}`)
      return beginFamily(tx, person.id, ttlMs)
    }),
  )
  const tokens = createAccessTokens(loadSigningKey(signingKeyFile(dataDirOf(options))), systemClock)
  const token = await tokens.issue(session, ttlMs)
  answer(options, { access_token: token, person_id: session.person_id, expires_in_ms: ttlMs }, token)
}
