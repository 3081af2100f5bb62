import { type DestinationStream, type Logger, pino } from 'pino'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Nothing that opens a door may be written down, wherever in an object it stands. */
const secrets = [
  'authorization',
  'cookie',
  'token',
  'access_token',
  'refresh_token',
  'password',
  'password_hash',
  'auth',
]

/** JSON lines on standard error: standard output belongs to what a command answers. */
export function createLog(level: LogLevel, destination: DestinationStream = pino.destination(2)): Logger {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino({ name: 'quotedesk', level, redact: { paths, censor: '[hidden]' } }, destination)
}
