import type { Migration } from 'kysely/migration'
import { up as first } from './0001-first.ts'

/** In the order of their numbers. A migration that has shipped is never edited: add the next one. */
export const migrations: Record<string, Migration> = {
  '0001-first': { up: first },
}
