import type { Role } from '../../domain/permissions.ts'
import { asiaPacific, type Country, centralEurope, ukAndAmericas } from './countries.ts'

export interface CastTeam {
  name: string
  countries: readonly Country[]
  customers: number
}

/** `teams` are indexes into `castTeams`. `account`: gets a password and a place among the one-click sign-ins. */
export interface CastPerson {
  name: string
  time_zone: string
  role: Role
  teams: readonly number[]
  account: boolean
}

/** Three teams, sixty customers. */
export const castTeams: readonly CastTeam[] = [
  { name: 'Central Europe', countries: centralEurope, customers: 24 },
  { name: 'UK and Americas', countries: ukAndAmericas, customers: 20 },
  { name: 'Asia Pacific', countries: asiaPacific, customers: 16 },
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

/** One for each customer, in no order. */
export const customerStems: readonly string[] =
  `Acme|TechStart Solutions|Altmark Molkerei|Birkenhof Backwaren|Corvus Pharma|Delta Abfülltechnik|Eberle Feinkost|
  Falkenau Brauerei|Granit Verpackung|Hafenwerk|Isar Kosmetik|Juratherm|Kestrel Foods|Lindenquell|Meridian Labs|
  Nordlicht Fisch|Oberland Käse|Pinnacle Beverages|Quarzwerk|Rheintal Konserven|Silberbach|Tannhof|Ulmen Papier|
  Vektor Automation|Westhaven|Xylon Timber|Yarrow Dairy|Zephyr Cosmetics|Amberley Preserves|Brightwater|Copperfield|
  Dunmore Distillers|Eastgate Logistics|Fernhill Organics|Glenrock Spirits|Harbour & Pine|Ironbridge|Juniper Snacks|
  Kingsway Nutrition|Larkspur Health|Maplewood Farms|Northgate Bottling|Oakridge|Prairie Mills|Quayside|Redwood Roasters|
  Stonebridge|Tidewater Seafood|Umber Chocolate|Valley Fresh|Aoba Foods|Banksia Wines|Coral Bay|Everest Tea|Fuji Seiki|
  Golden Lotus|Harbourline|Indus Spice|Jade River|Kangaroo Point`
    .split('|')
    .map((stem) => stem.trim())

/** Names as long as registers really hold them: lists and toasts have to live with these. */
export const longNames: ReadonlyArray<{ instead: string; name: string }> = [
  {
    instead: 'Rheintal Konserven',
    name: 'Vereinigte Rheintaler Konserven-, Feinkost- und Fruchtsaftwerke Gesellschaft mit beschränkter Haftung & Compagnie Kommanditgesellschaft, Niederlassung Süd',
  },
  {
    instead: 'Prairie Mills',
    name: 'The Greater Prairie Cooperative Association of Independent Millers, Bakers and Grain Elevator Operators of the Upper Midwest, Incorporated',
  },
  {
    instead: 'Golden Lotus',
    name: 'Golden Lotus International Food Processing, Packaging, Cold Storage and Distribution Holdings',
  },
]

export const sectors = ['food', 'beverages', 'pharmaceuticals', 'cosmetics', 'logistics', 'chemicals', 'paper'] as const
