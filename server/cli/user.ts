import { type Command, Option } from 'commander'
import type { Person } from '../../domain/directory.ts'
import { type Role, roles } from '../../domain/permissions.ts'
import { hashPassword } from '../auth/passwords.ts'
import { deactivatePerson, saveCredentials, setMemberships, voidSessions } from '../people/commands.ts'
import { findPersonByEmail, listPeople } from '../people/queries.ts'
import type { Tx } from '../store/tx.ts'
import { addPerson, ensureTeam } from './add-person.ts'
import { choosePassword, passwordOption } from './choose-password.ts'
import { answer, type CommonOptions, expectDatabase, UsageError, withCommonOptions, withStore } from './common.ts'
import { registerUserAdmitCommand } from './user-admit.ts'

interface AddOptions extends CommonOptions {
  name: string
  timeZone: string
  team: string
  role: Role
  workspace: string
  passwordStdin: boolean
}

const roleOption = () => new Option('--role <role>', 'what they may do in the team').choices(roles)

export function registerUserCommand(program: Command): void {
  const user = program.command('user').description('The people who may sign in')

  withCommonOptions(user.command('add').description('Add a person; the first one also makes the workspace'))
    .argument('<email>')
    .requiredOption('--name <name>', 'as colleagues know them')
    .requiredOption('--team <team>', 'name of their team; made when there is none of that name')
    .option('--time-zone <zone>', 'where their working hours apply', 'UTC')
    .option('--workspace <name>', 'name of the workspace, when there is none yet', 'Workspace')
    .addOption(roleOption().default('rep'))
    .option(...passwordOption)
    .action((email: string, options: AddOptions) => add(email, options))

  registerUserAdmitCommand(user)

  withCommonOptions(user.command('list').description('Everybody, with teams and roles')).action(
    (options: CommonOptions) => list(options),
  )

  withCommonOptions(user.command('set-password').description('Set a new password; ends all their sessions'))
    .argument('<email>')
    .option(...passwordOption)
    .action((email: string, options: CommonOptions & { passwordStdin: boolean }) => setPassword(email, options))

  withCommonOptions(user.command('set-role').description('Set or remove a person’s role in a team; holds at once'))
    .argument('<email>')
    .requiredOption('--team <team>', 'name of the team; made when there is none of that name')
    .addOption(roleOption())
    .option('--remove', 'take them out of the team', false)
    .action((email: string, options: CommonOptions & { team: string; role?: Role; remove: boolean }) =>
      setRole(email, options),
    )

  withCommonOptions(user.command('deactivate').description('Keep a person out, at once and until further notice'))
    .argument('<email>')
    .action((email: string, options: CommonOptions) => deactivate(email, options))
}

async function add(email: string, options: AddOptions): Promise<void> {
  const secret = await choosePassword(options.passwordStdin)
  const passwordHash = await hashPassword(secret.password)
  const person = await withStore(options, (store) =>
    store.transact((tx) => addPerson(tx, { ...options, email, passwordHash })),
  )
  answer(
    options,
    { person, ...secret.made },
    `Added ${person.name} <${email}>.${secret.made ? ` Password: ${secret.password}` : ''}`,
  )
}

async function list(options: CommonOptions): Promise<void> {
  expectDatabase(options)
  await withStore(options, async ({ read }) => {
    const people = await listPeople(read)
    const emails = new Map(
      (await read.selectFrom('credentials').select(['person_id', 'email']).execute()).map((row) => [
        row.person_id,
        row.email,
      ]),
    )
    const teams = new Map((await read.selectFrom('teams').selectAll().execute()).map((team) => [team.id, team.name]))
    const lines = people.map((person) => {
      const where = person.memberships.map(({ team_id, role }) => `${role} of ${teams.get(team_id) ?? team_id}`)
      const state = person.active ? '' : '  (deactivated)'
      return `${person.name}  <${emails.get(person.id) ?? 'no e-mail'}>  ${where.join(', ') || 'no team'}${state}`
    })
    const json = people.map((person) => ({ ...person, email: emails.get(person.id) ?? null }))
    answer(options, { people: json }, lines.join('\n') || 'Nobody yet: quotedesk user add')
  })
}

async function setPassword(email: string, options: CommonOptions & { passwordStdin: boolean }): Promise<void> {
  const secret = await choosePassword(options.passwordStdin)
  const passwordHash = await hashPassword(secret.password)
  await change(options, email, async (tx, person) => {
    await saveCredentials(tx, { person_id: person.id, email, password_hash: passwordHash })
    await voidSessions(tx, person.id)
  })
  answer(
    options,
    { email, ...secret.made },
    `Set the password of ${email}.${secret.made ? ` It is ${secret.password}` : ''}`,
  )
}

async function setRole(
  email: string,
  options: CommonOptions & { team: string; role?: Role; remove: boolean },
): Promise<void> {
  const { role, remove } = options
  if ((role === undefined) === !remove) throw new UsageError('say either --role ROLE or --remove')
  const person = await change(options, email, async (tx, known) => {
    const team = await ensureTeam(tx, options.team)
    const others = known.memberships.filter((membership) => membership.team_id !== team.id)
    return setMemberships(tx, known.id, role === undefined ? others : [...others, { team_id: team.id, role }])
  })
  answer(options, { person }, `${person.name} ${role === undefined ? 'left' : `is ${role} of`} ${options.team}.`)
}

async function deactivate(email: string, options: CommonOptions): Promise<void> {
  const person = await change(options, email, (tx, known) => deactivatePerson(tx, known.id))
  answer(options, { person }, `${person.name} cannot sign in any more.`)
}

function change<T>(options: CommonOptions, email: string, work: (tx: Tx, person: Person) => Promise<T>): Promise<T> {
  expectDatabase(options)
  return withStore(options, (store) =>
    store.transact(async (tx) => {
      const person = await findPersonByEmail(tx.db, email)
      if (!person) throw new UsageError(`nobody has the e-mail address ${email}: "quotedesk user list" shows everybody`)
      return work(tx, person)
    }),
  )
}
