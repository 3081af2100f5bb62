import { type Workspace, workspaceSchema } from '../../domain/directory.ts'
import type { Tx } from '../store/tx.ts'

/** Makes or replaces the workspace. A database holds one: everything else hangs on it, so it is saved first. */
export async function saveWorkspace(tx: Tx, workspace: Workspace): Promise<void> {
  const data = workspaceSchema.parse(workspace)
  const other = await tx.db.selectFrom('workspace').select('id').where('id', '!=', data.id).executeTakeFirst()
  if (other) throw new RangeError('this database already holds another workspace: use a data folder of its own')
  await tx.saveWorkspace(data)
  await tx.appendEvent(await tx.orgStream(), { type: 'workspace.saved', data })
}
