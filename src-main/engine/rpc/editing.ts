import type { Editing } from '../outbox/queue-edit.ts'
import { accountOf, type RpcContext } from './base.ts'

/** The signed-in person as somebody who edits now. @throws RefusedError when nobody is signed in */
export function editingOf(context: RpcContext): Editing {
  const { cache, person, clock, madeHere } = accountOf(context)
  return { cache, person: person.get(), nowMs: clock.nowMs(), madeHere }
}
