import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Clock } from '../../domain/time.ts'

/** One line a request: method, path without its query, status, duration. Never headers or bodies. */
export function requestLog(log: Logger, clock: Clock): RequestHandler {
  return (request, response, next) => {
    const startedMs = clock.nowMs()
    response.once('close', () => {
      const { method, path } = request
      log.debug({ method, path, status: response.statusCode, duration_ms: clock.nowMs() - startedMs }, 'request')
    })
    next()
  }
}
