import type { Command } from 'commander'
import type { Person } from '../../domain/directory.ts'
import { hashPassword } from '../auth/passwords.ts'
import { saveCredentials } from '../people/commands.ts'
import { findPersonByEmail, listPeople } from '../people/queries.ts'
import type { Tx } from '../store/tx.ts'
import { choosePassword, passwordOption } from './choose-password.ts'
import { answer, type CommonOptions, expectDatabase, UsageError, withCommonOptions, withStore } from './common.ts'

type Options = CommonOptions & { passwordStdin: boolean }

/** People who came with an import have neither e-mail address nor password; this gives them both. */
export function registerUserAdmitCommand(user: Command): void {
  withCommonOptions(user.command('admit').description('Let somebody sign in who came with an import'))
    .argument('<person>', 'name, or id where two have the same name')
    .argument('<email>', 'address to sign in with')
    .option(...passwordOption)
    .action((who: string, email: string, options: Options) => admit(who, email, options))
}

async function admit(who: string, email: string, options: Options): Promise<void> {
  expectDatabase(options)
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError(`"${email}" is not an e-mail address`)
  const secret = await choosePassword(options.passwordStdin)
  const password_hash = await hashPassword(secret.password)
  const person = await withStore(options, (store) =>
    store.transact(async (tx) => {
      const found = await findWithoutCredentials(tx, who)
      if (await findPersonByEmail(tx.db, email)) throw new UsageError(`somebody has the e-mail address ${email}`)
      await saveCredentials(tx, { person_id: found.id, email, password_hash })
      return found
    }),
  )
  answer(
    options,
    { person, email, ...secret.made },
    `${person.name} can sign in as ${email}.${secret.made ? ` Password: ${secret.password}` : ''}`,
  )
}

async function findWithoutCredentials(tx: Tx, who: string): Promise<Person> {
  const [found, another] = (await listPeople(tx.db)).filter((person) => person.id === who || person.name === who)
  if (!found) throw new UsageError(`nobody is called ${who}: "quotedesk user list" shows everybody`)
  if (another) throw new UsageError(`two people are called ${who}: name one by id, ${found.id} or ${another.id}`)
  const known = await tx.db
    .selectFrom('credentials')
    .select('email')
    .where('person_id', '=', found.id)
    .executeTakeFirst()
  if (known) throw new UsageError(`${found.name} signs in as ${known.email} already: see "quotedesk user set-password"`)
  return found
}
