/** What the bench of storms asks of a server process, ours or bare, and what it answers. */
export type StormServerRequest =
  /** Commits go on until told. */
  { kind: 'work' } | { kind: 'rest' } | { kind: 'figures' }

export type StormServerReply =
  /** `auths`: one handshake a client as JSON; `streams`: what each may read. */
  | { kind: 'listening'; port: number; auths: string[] }
  | { kind: 'resting' }
  | {
      kind: 'figures'
      /** CPU of the whole process so far. */
      cpu_us: number
      /** Highest memory of the process so far. */
      peak_rss_bytes: number
      snapshots_built: number
      heads: Record<string, number>
      /** How long the event loop was held at most since the last asking. */
      longest_turn_ms: number
    }

/** What the bench asks of the process that is all the clients. */
export type StormSwarmRequest =
  /** Cuts all at once; `forget`: they also lose what they had, and need snapshots. */
  { kind: 'storm'; forget: boolean } | { kind: 'cursors' }

export type StormSwarmReply =
  | { kind: 'ready' }
  /** After a storm, when all are level: for each client the time from the cut to level, in ms. */
  | { kind: 'level'; times_ms: number[]; attempts: number; refused: number; pulls: number; snapshot_pages: number }
  /** The least cursor of any client for each stream. */
  | { kind: 'cursors'; least: Record<string, number> }
