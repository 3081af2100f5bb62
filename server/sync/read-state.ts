import type { Kysely } from 'kysely'
import { orgStream, teamStream } from '../../domain/wire/stream-name.ts'
import { type FoldedState, foldChange } from '../store/fold.ts'
import type { Tables } from '../store/tables.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { snapshotRows } from './snapshot-rows.ts'

const pageRows = 2_000

/** All rows as the snapshots of all streams tell them, to compare with what the log adds up to. */
export async function readState(db: Kysely<Tables>): Promise<FoldedState> {
  const workspace = await findWorkspace(db)
  const teams = await db.selectFrom('teams').select('id').execute()
  const streams = [...(workspace ? [orgStream(workspace.id)] : []), ...teams.map((team) => teamStream(team.id))]
  const state: FoldedState = new Map()
  for (const stream of streams) {
    const { pages } = await snapshotRows(db, stream, pageRows)
    for await (const page of pages) for (const change of page) foldChange(state, change)
  }
  return state
}
