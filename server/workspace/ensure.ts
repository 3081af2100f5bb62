import { defaultStageProbabilities, type Workspace } from '../../domain/directory.ts'
import { newEntityId } from '../ids.ts'
import type { Tx } from '../store/tx.ts'
import { saveWorkspace } from './commands.ts'
import { findWorkspace } from './queries.ts'

/** The workspace of this database, made under `name` when there is none yet. */
export async function ensureWorkspace(tx: Tx, name: string): Promise<Workspace> {
  const known = await findWorkspace(tx.db)
  if (known) return known
  const workspace = { id: newEntityId(tx.nowMs), name, stage_probabilities: defaultStageProbabilities }
  await saveWorkspace(tx, workspace)
  return workspace
}
