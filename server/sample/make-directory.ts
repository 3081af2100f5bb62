import {
  type Customer,
  defaultStageProbabilities,
  type Person,
  type Team,
  type Workspace,
} from '../../domain/directory.ts'
import { castPeople, castTeams, sectors } from './cast.ts'
import type { Country } from './countries.ts'
import type { Random } from './random.ts'

export interface SampleCustomer {
  customer: Customer
  team: Team
  home: Country
}

export interface SampleDirectory {
  workspace: Workspace
  teams: Team[]
  /** With the e-mail address to sign in with; `account` as in the cast. */
  people: Array<{ person: Person; email: string; account: boolean }>
  customers: SampleCustomer[]
}

/** Reserved for documentation: nobody's real address. */
const mailDomain = 'quotedesk.example'

/** `Céline Favre` → `celine-favre`: letters that every mail system takes. */
const addressPart = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, '-')

export function makeDirectory(random: Random, newId: () => string): SampleDirectory {
  const workspace = { id: newId(), name: 'Sample workspace', stage_probabilities: defaultStageProbabilities }
  const teams = castTeams.map(({ name }) => ({ id: newId(), name }))
  const people = castPeople.map(({ name, time_zone, role, teams: memberOf, account }) => {
    const memberships = memberOf.map((index) => ({ team_id: teamAt(teams, index).id, role }))
    const email = `${addressPart(name).replaceAll('-', '.')}@${mailDomain}`
    return { person: { id: newId(), name, time_zone, active: true, memberships }, email, account }
  })
  const customers = castTeams.flatMap(({ countries }, index) =>
    countries.flatMap((home) =>
      home.companies.map((name) => ({
        customer: makeCustomer(newId(), name, home, random),
        team: teamAt(teams, index),
        home,
      })),
    ),
  )
  return { workspace, teams, people, customers }
}

function teamAt(teams: readonly Team[], index: number): Team {
  const team = teams[index]
  if (!team) throw new RangeError(`the cast has no team ${index}`)
  return team
}

function makeCustomer(id: string, name: string, home: Country, random: Random): Customer {
  const contact = random.pick(home.contacts)
  const host = addressPart(name.split(' ').slice(0, 2).join(' '))
  return {
    id,
    name,
    sector: random.pick(sectors),
    country: home.country,
    contact_name: contact,
    contact_email: `${addressPart(contact).replaceAll('-', '.')}@${host}.example`,
  }
}
