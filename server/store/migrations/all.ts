import type { Migration } from 'kysely/migration'
import { up as first } from './0001-first.ts'
import { up as edits } from './0002-edits.ts'
import { up as trust } from './0003-trust.ts'
import { up as alerts } from './0004-alerts.ts'

/** In the order of their numbers. A migration that has shipped is never edited: add the next one. */
export const migrations: Record<string, Migration> = {
  '0001-first': { up: first },
  '0002-edits': { up: edits },
  '0003-trust': { up: trust },
  '0004-alerts': { up: alerts },
}
