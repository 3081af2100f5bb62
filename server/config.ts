import path from 'node:path'
import type { TurnstileConfig } from './http/turnstile.ts'
import type { UnsentLimits } from './http/unsent.ts'
import type { Retention } from './store/compact.ts'

/** How many times something may be done within a period by one key (an address, a person). */
export interface Limit {
  points: number
  periodMs: number
}

export interface ServerConfig {
  /** The user's data folder; the server keeps to `<dataDir>/server`. */
  dataDir: string
  host: string
  port: number
  /** Origins of web pages that may connect. Requests without an Origin do not come from a page and are always let in. */
  allowedOrigins: readonly string[]
  accessTtlMs: number
  refreshTtlMs: number
  /** A refresh token may be used again this long, as long as its successor was not: the answer may have been lost. */
  refreshLeewayMs: number
  /** How long a socket may outlive the access token it was opened with, or was given since. */
  socketGraceMs: number
  /** How often it is looked whether another process changed somebody's rights. */
  rightsCheckMs: number
  beatMs: number
  maxBodyBytes: number
  /** How many requests with a body are read at once, of one address and in all. */
  maxBodies: { ofAddress: number; inAll: number }
  /** How long a request may take to arrive whole, and an answer to make any progress. */
  requestWithinMs: number
  answerStallMs: number
  /** What one socket may leave unread before it is cut off. */
  maxSocketBufferBytes: number
  maxSocketsOfPerson: number
  /** What of pulls and snapshots may wait to be read; beyond it, one answer at a time. */
  maxUnsentBytes: UnsentLimits
  /** A cursor further behind its head than this takes a snapshot instead of the log. */
  maxEventsBehind: number
  /** How much of the log is kept; older events are deleted each hour. */
  log: Retention
  /** How long the answers to a client's edits are kept after it last spoke. */
  answersKeptMs: number
  snapshot: {
    pageRows: number
    /** Whoever asks within this of the opening gets the same one. */
    shareMs: number
    keepMs: number
    maxKept: number
    maxBytes: number
    builds: TurnstileConfig
  }
  hashes: TurnstileConfig & { keepMs: number }
  /** What is done at once for everybody together; what goes beyond is told when to come back. */
  atOnce: {
    handshakes: TurnstileConfig
    pulls: TurnstileConfig
    snapshots: TurnstileConfig
    mutations: TurnstileConfig
  }
  limits: {
    /** Sign-in attempts on one e-mail address from one network address; a success forgives them. */
    signInAccount: Limit
    signInAddress: Limit
    /** Refreshes that failed; one that works is forgiven. */
    refreshAddress: Limit
    requestsByAddress: Limit
    requestsByPerson: Limit
    /** New connections, judged before anything else is done for them. */
    upgradesByAddress: Limit
    handshakesByPerson: Limit
    socketEvents: Limit
  }
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

export const defaultPort = 3002

/** What is not the default; of the snapshots, single settings. */
export interface GivenConfig extends Partial<Omit<ServerConfig, 'snapshot'>> {
  dataDir: string
  snapshot?: Partial<ServerConfig['snapshot']>
}

export function serverConfig(given: GivenConfig): ServerConfig {
  const defaults = defaultConfig(given.dataDir)
  return { ...defaults, ...given, snapshot: { ...defaults.snapshot, ...given.snapshot } }
}

function defaultConfig(dataDir: string): ServerConfig {
  return {
    dataDir,
    host: '127.0.0.1',
    port: defaultPort,
    allowedOrigins: [],
    accessTtlMs: 15 * minuteMs,
    refreshTtlMs: 60 * dayMs,
    refreshLeewayMs: minuteMs,
    socketGraceMs: minuteMs,
    rightsCheckMs: 1_000,
    beatMs: 10_000,
    maxBodyBytes: 1_000_000,
    maxBodies: { ofAddress: 64, inAll: 256 },
    requestWithinMs: 30_000,
    answerStallMs: 30_000,
    maxSocketBufferBytes: 4_000_000,
    maxSocketsOfPerson: 50,
    maxUnsentBytes: { ofPerson: 64_000_000, inAll: 512_000_000 },
    maxEventsBehind: 200_000,
    log: { keepMs: 45 * dayMs, keepEvents: 100_000 },
    answersKeptMs: 180 * dayMs,
    snapshot: {
      pageRows: 2_000,
      shareMs: 30_000,
      keepMs: 10 * minuteMs,
      maxKept: 64,
      maxBytes: 256_000_000,
      builds: { atOnce: 2, maxWaiting: 200 },
    },
    hashes: { atOnce: 2, maxWaiting: 100, keepMs: minuteMs },
    atOnce: {
      handshakes: { atOnce: 32, maxWaiting: 2_000 },
      pulls: { atOnce: 8, maxWaiting: 1_000 },
      snapshots: { atOnce: 64, maxWaiting: 1_000 },
      mutations: { atOnce: 8, maxWaiting: 500 },
    },
    limits: {
      signInAccount: { points: 10, periodMs: 5 * minuteMs },
      signInAddress: { points: 100, periodMs: 5 * minuteMs },
      refreshAddress: { points: 100, periodMs: 5 * minuteMs },
      requestsByAddress: { points: 12_000, periodMs: minuteMs },
      requestsByPerson: { points: 3_000, periodMs: minuteMs },
      upgradesByAddress: { points: 6_000, periodMs: minuteMs },
      handshakesByPerson: { points: 120, periodMs: minuteMs },
      socketEvents: { points: 100, periodMs: 10_000 },
    },
  }
}

/** Every rate limit times `factor`, for load tests and for many people behind one address. */
export function scaledLimits(limits: ServerConfig['limits'], factor: number): ServerConfig['limits'] {
  const scaled = ({ points, periodMs }: Limit): Limit => ({ points: Math.ceil(points * factor), periodMs })
  const all = { ...limits }
  for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] = scaled(all[name])
  return all
}

export function databaseFile(dataDir: string): string {
  return path.join(dataDir, 'server', 'quotedesk.db')
}

export function signingKeyFile(dataDir: string): string {
  return path.join(dataDir, 'server', 'signing.key')
}
