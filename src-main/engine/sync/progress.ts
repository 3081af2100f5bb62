import type { Cell } from '../cell.ts'
import type { CatchUpProgress } from './catch-up-progress.ts'
import type { Session, SyncState } from './sync-state.ts'

/** Counts what a session catches up with into the state that the connection chip shows. */
export function createProgress(state: Cell<SyncState>, session: Session): CatchUpProgress {
  const change = (next: (now: Extract<SyncState, { state: 'catching_up' }>) => Partial<SyncState>) => {
    const now = state.get()
    if (now.state === 'catching_up' && now.session === session) state.set({ ...now, ...next(now) } as SyncState)
  }
  return {
    snapshotBegins: (total) => change(({ done, total: before }) => ({ what: 'snapshot', done, total: before + total })),
    rows: (count) => change(({ done, total }) => ({ what: 'snapshot', done: done + count, total })),
    pageKept: () => void (session.fruitful = true),
    // The log may have grown since the heads were told.
    events: (count) => {
      if (count > 0) session.fruitful = true
      change(({ done, total }) => ({ done: done + count, total: Math.max(total, done + count) }))
    },
  }
}
