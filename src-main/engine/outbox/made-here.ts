import type { OutboxEntry } from '../cache/outbox-store.ts'

export type MadeEdit = Pick<OutboxEntry, 'entry' | 'quote' | 'body' | 'base'>

/** So many edits of this run can be undone after the outbox has let go of them. */
const kept = 200

/** Remembers what was edited in this run of the engine, for undo. */
export interface MadeHere {
  keep: (edit: MadeEdit) => void
  find: (entry: number) => MadeEdit | null
  /** It never happened after all, or was settled otherwise. */
  forget: (entry: number) => void
}

export function createMadeHere(): MadeHere {
  const edits = new Map<number, MadeEdit>()
  return {
    keep: (edit) => {
      edits.set(edit.entry, edit)
      const oldest = edits.keys().next().value
      if (edits.size > kept && oldest !== undefined) edits.delete(oldest)
    },
    find: (entry) => edits.get(entry) ?? null,
    forget: (entry) => void edits.delete(entry),
  }
}
