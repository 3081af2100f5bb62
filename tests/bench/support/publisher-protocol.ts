/** What the bench of the fan-out asks of a server process, ours or bare, and what it answers. */
export type Audience = 'everybody' | 'teams'

export type PublisherRequest =
  | { kind: 'memory' }
  /** CPU of the whole process so far. */
  | { kind: 'cpu' }
  /** One event to everybody, or one to each team. */
  | { kind: 'publish'; audience: Audience; round: number }

export interface Published {
  kind: 'published'
  /** One entry an event: its team (null: everybody), its seq, the clock when it was handed to the sockets. */
  events: Array<{ team: number | null; seq: number; at_us: number }>
}

export type PublisherReply =
  /** `auths`: one handshake a client as JSON, client i in team i mod teams. `samples`: an event of each audience. */
  | { kind: 'listening'; port: number; auths: string[]; samples: Record<Audience, unknown> | null }
  | { kind: 'memory'; rss_bytes: number }
  | { kind: 'cpu'; cpu_us: number }
  | Published

/** One clock for all processes of the machine, in microseconds. */
export const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n)
