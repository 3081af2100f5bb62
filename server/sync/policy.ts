import type { Workspace } from '../../domain/directory.ts'
import { orgStream, type StreamName, teamStream, userStream } from '../../domain/wire/stream-name.ts'
import type { Caller } from '../auth/caller.ts'
import { readableTeams } from '../quotes/policy.ts'

/** The streams this person may read: what everybody may see, the quotes of their teams, and what is theirs alone. */
export function readableStreams(caller: Caller, workspace: Pick<Workspace, 'id'>): StreamName[] {
  return [orgStream(workspace.id), ...readableTeams(caller).map(teamStream), userStream(caller.id)]
}

/** Missing and forbidden in the same words. */
export const noSuchStream = 'There is no such stream, or you may not read it.'
