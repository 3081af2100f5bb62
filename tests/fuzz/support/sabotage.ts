import type { RawDatabase } from '../../../server/store/connect.ts'
import type { LinkListener } from '../../../src-main/engine/sync/link.ts'

/** Bugs put in on purpose: the checker is only worth something if it finds them. All off in a real run. */
export interface Sabotage {
  /** Before the server reads a batch of mutations. */
  beforeMutate?: (raw: RawDatabase, batch: { client_id: string; mutations: readonly { mutation_id: number }[] }) => void
  /** The answer to a batch of mutations on its way out. */
  onResults?: <Results>(results: Results, isRetry: boolean) => Results
  /** The text of a pull's or snapshot's answer on its way out. */
  onText?: (path: string, text: string) => string
  /** What a killed server finds on its disk. */
  onServerKilled?: (file: string, before: string | null) => void
  /** The server forgets to close a connection. */
  keepsSockets?: boolean
  /** A statement that the cache runs: left out, or done in a transaction of its own afterwards. */
  onRun?: (sql: string) => 'skip' | 'late' | undefined
  /** A listener between wire and client. */
  listener?: (listener: LinkListener) => LinkListener
}
