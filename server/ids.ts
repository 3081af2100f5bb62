import { v7 } from 'uuid'
import type { EntityId } from '../domain/ids.ts'

/** A new entity id whose time part is the given instant. */
export function newEntityId(nowMs: number): EntityId {
  return v7({ msecs: nowMs })
}
