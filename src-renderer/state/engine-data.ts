import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AlertCounts } from '../../domain/rpc/alerts.ts'
import type { PendingChange } from '../../domain/rpc/quotes.ts'
import type { Session, SyncStatus } from '../../domain/rpc/session.ts'
import type { Directory, PipelineFigures } from '../engine-link/engine-client.ts'

/** What the engine says, as last painted; null until it first said it. */
export interface EngineData {
  session: Session | null
  status: SyncStatus | null
  pipeline: PipelineFigures | null
  directory: Directory
  outbox: readonly PendingChange[]
  /** My open quotes that run out soon, and those that have. */
  myDay: { expiring: number; expired: number } | null
  /** Unread and held ones. */
  alertCounts: AlertCounts | null
  /** Goes up whenever alerts, settings, calendars or rules changed. */
  alertsVersion: number
  /** Something that should not happen did: shown until the window is loaded again. */
  fault: string | null
}

const nothingYet: EngineData = {
  session: null,
  status: null,
  pipeline: null,
  directory: { teams: [], people: [], currencies: [] },
  outbox: [],
  myDay: null,
  alertCounts: null,
  alertsVersion: 0,
  fault: null,
}

export interface EngineDataStore {
  store: StoreApi<EngineData>
  /** Keeps session and status, forgets all that belonged to the person who left. */
  forgetPerson: () => void
}

export function createEngineData(): EngineDataStore {
  const store = createStore<EngineData>(() => nothingYet)
  return {
    store,
    forgetPerson: () => store.setState(({ session, status }) => ({ ...nothingYet, session, status })),
  }
}

/** Sets a value only when it says something else than before, so that nothing is drawn for nothing. */
export function setIfNew<Key extends keyof EngineData>(store: StoreApi<EngineData>, key: Key, value: EngineData[Key]) {
  if (JSON.stringify(store.getState()[key]) !== JSON.stringify(value)) {
    store.setState({ [key]: value } as Pick<EngineData, Key>)
  }
}
