import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { orgStream, type StreamName, teamStream, userStream } from '../../domain/wire/stream-name.ts'
import { type FoldedState, foldChange } from '../store/fold.ts'
import type { Tables } from '../store/tables.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { snapshotRows } from './snapshot-rows.ts'

/** All rows, stream by stream, as their snapshots tell them, to compare with what each log adds up to. */
export async function readState(db: Kysely<Tables>): Promise<Map<StreamName, FoldedState>> {
  const workspace = await findWorkspace(db)
  const teams = await db.selectFrom('teams').select('id').execute()
  const people = await db.selectFrom('people').select('id').execute()
  const streams = [
    ...(workspace ? [orgStream(workspace.id)] : []),
    ...teams.map((team) => teamStream(team.id)),
    ...people.map((person) => userStream(person.id)),
  ]
  const states = new Map<StreamName, FoldedState>()
  for (const stream of streams) {
    const state: FoldedState = new Map()
    const { slices } = await snapshotRows(db, stream)
    for await (const slice of slices) {
      for (const change of slice) foldChange(state, change)
      await nextTurn()
    }
    states.set(stream, state)
  }
  return states
}
