import type { Kysely } from 'kysely'
import { stageProbabilitiesSchema, type Workspace } from '../../domain/directory.ts'
import type { Tables } from '../store/tables.ts'

export async function findWorkspace(db: Kysely<Tables>): Promise<Workspace | null> {
  const row = await db.selectFrom('workspace').selectAll().executeTakeFirst()
  if (!row) return null
  return { ...row, stage_probabilities: stageProbabilitiesSchema.parse(JSON.parse(row.stage_probabilities)) }
}
