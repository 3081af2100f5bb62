import type { Role } from '../../domain/permissions.ts'
import { asiaPacific, type Country, centralEurope, ukAndAmericas } from './countries.ts'

export interface CastTeam {
  name: string
  countries: readonly Country[]
}

/** `teams` are indexes into `castTeams`. `account`: gets a password and a place among the one-click sign-ins. */
export interface CastPerson {
  name: string
  time_zone: string
  role: Role
  teams: readonly number[]
  account: boolean
}

/** Three teams; their countries hold sixty customers. */
export const castTeams: readonly CastTeam[] = [
  { name: 'Central Europe', countries: centralEurope },
  { name: 'UK and Americas', countries: ukAndAmericas },
  { name: 'Asia Pacific', countries: asiaPacific },
]

const everywhere = [0, 1, 2]

/** Twelve people; the first is the one a newcomer should sign in as. */
export const castPeople: readonly CastPerson[] = [
  { name: 'Jonas Brandt', time_zone: 'Europe/Berlin', role: 'rep', teams: [0], account: true },
  { name: 'Katrin Vogel', time_zone: 'Europe/Berlin', role: 'manager', teams: [0], account: true },
  { name: 'Grace Okafor', time_zone: 'Europe/London', role: 'rep', teams: [1], account: true },
  { name: 'Yuki Tanabe', time_zone: 'Asia/Tokyo', role: 'manager', teams: [2], account: true },
  { name: 'Ingrid Solberg', time_zone: 'Europe/Oslo', role: 'admin', teams: everywhere, account: true },
  { name: 'Peter Lang', time_zone: 'Europe/Vienna', role: 'viewer', teams: everywhere, account: true },
  { name: 'Elif Aydin', time_zone: 'Europe/Berlin', role: 'rep', teams: [0], account: false },
  { name: 'Marta Kowalska', time_zone: 'Europe/Warsaw', role: 'rep', teams: [0], account: false },
  { name: 'Daniel Whitmore', time_zone: 'Europe/London', role: 'manager', teams: [1], account: false },
  { name: 'Luis Herrera', time_zone: 'America/New_York', role: 'rep', teams: [1], account: false },
  { name: 'Priya Raman', time_zone: 'Asia/Singapore', role: 'rep', teams: [2], account: false },
  { name: 'Tom Gallagher', time_zone: 'Australia/Sydney', role: 'rep', teams: [2], account: false },
]

export const sectors = ['food', 'beverages', 'pharmaceuticals', 'cosmetics', 'logistics', 'chemicals', 'paper'] as const
