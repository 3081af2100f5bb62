import { teamsWith } from '../../domain/permissions.ts'
import type { Caller } from '../auth/caller.ts'

/** The one rule of who sees quotes; rows, streams, rooms, metrics and alerts all ask it. */
export function readableTeams(caller: Caller): string[] {
  return teamsWith(caller.memberships, 'quotes:read')
}

/** Missing and not allowed to be seen are told in the same words, so that asking reveals nothing. */
export const noSuchQuote = 'There is no such quote, or you may not see it. Check the number.'
