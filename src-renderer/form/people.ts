import type { Person, Team } from '../../domain/directory.ts'
import { permissionsIn, teamsWith } from '../../domain/permissions.ts'

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)

/** Teams in which the person may make quotes. */
export const writableTeams = (teams: readonly Team[], person: Person): Team[] => {
  const writable = teamsWith(person.memberships, 'quotes:write')
  return teams.filter(({ id }) => writable.includes(id)).sort(byName)
}

/** Who may own a quote of the team: its active members who may write. */
export const possibleOwners = (people: readonly Person[], teamId: string): Person[] =>
  people
    .filter(({ active, memberships }) => active && permissionsIn(memberships, teamId).has('quotes:write'))
    .sort(byName)

/** Whether the person may make quotes of that team for somebody else. */
export const mayMakeForOthers = (person: Person, teamId: string): boolean =>
  permissionsIn(person.memberships, teamId).has('quotes:reassign')
