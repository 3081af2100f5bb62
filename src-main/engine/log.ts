import { destination, type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Lines of JSON on stderr; whatever is called a secret stays out of them. */
export function createLog(level: LogLevel): Log {
  const redact = [
    'token',
    'password',
    'secret',
    '*.token',
    '*.password',
    '*.secret',
    '*.access_token',
    '*.refresh_token',
  ]
  return pino({ name: 'engine', level, redact }, destination({ fd: 2, sync: true }))
}
