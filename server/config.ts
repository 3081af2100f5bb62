import path from 'node:path'

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
  /** How long a socket may outlive the access token it was opened with. */
  socketGraceMs: number
  beatMs: number
  maxBodyBytes: number
  /** What one socket may leave unread before it is cut off. */
  maxSocketBufferBytes: number
  /** A cursor further behind its head than this takes a snapshot instead of the log. */
  maxEventsBehind: number
  snapshot: { pageRows: number; shareMs: number; keepMs: number; maxKept: number }
  limits: {
    /** Sign-in attempts on one e-mail address from one network address; a success forgives them. */
    signInAccount: Limit
    signInAddress: Limit
    requestsByAddress: Limit
    requestsByPerson: Limit
    handshakesByPerson: Limit
    socketEvents: Limit
  }
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

export const defaultPort = 3002

export function serverConfig(given: Partial<ServerConfig> & Pick<ServerConfig, 'dataDir'>): ServerConfig {
  return {
    host: '127.0.0.1',
    port: defaultPort,
    allowedOrigins: [],
    accessTtlMs: 15 * minuteMs,
    refreshTtlMs: 60 * dayMs,
    refreshLeewayMs: minuteMs,
    socketGraceMs: 45 * minuteMs,
    beatMs: 10_000,
    maxBodyBytes: 1_000_000,
    maxSocketBufferBytes: 4_000_000,
    maxEventsBehind: 200_000,
    snapshot: { pageRows: 2_000, shareMs: 30_000, keepMs: 10 * minuteMs, maxKept: 8 },
    limits: {
      signInAccount: { points: 10, periodMs: 5 * minuteMs },
      signInAddress: { points: 100, periodMs: 5 * minuteMs },
      requestsByAddress: { points: 12_000, periodMs: minuteMs },
      requestsByPerson: { points: 3_000, periodMs: minuteMs },
      handshakesByPerson: { points: 120, periodMs: minuteMs },
      socketEvents: { points: 100, periodMs: 10_000 },
    },
    ...given,
  }
}

/** Every rate limit times `factor`, for load tests and for many people behind one address. */
export function scaledLimits(limits: ServerConfig['limits'], factor: number): ServerConfig['limits'] {
  const scaled = ({ points, periodMs }: Limit): Limit => ({ points: Math.ceil(points * factor), periodMs })
  return {
    signInAccount: scaled(limits.signInAccount),
    signInAddress: scaled(limits.signInAddress),
    requestsByAddress: scaled(limits.requestsByAddress),
    requestsByPerson: scaled(limits.requestsByPerson),
    handshakesByPerson: scaled(limits.handshakesByPerson),
    socketEvents: scaled(limits.socketEvents),
  }
}

export function databaseFile(dataDir: string): string {
  return path.join(dataDir, 'server', 'quotedesk.db')
}

export function signingKeyFile(dataDir: string): string {
  return path.join(dataDir, 'server', 'signing.key')
}
