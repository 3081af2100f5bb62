import express, { type RequestHandler } from 'express'
import type { ServerConfig } from '../config.ts'
import { findUnfit } from './fit-json.ts'
import { ProblemError } from './problem-error.ts'
import { shortened } from './to-problem.ts'

/**
 * Reads a body as JSON. `curl -d` without a content type calls its JSON a form: what reads as JSON is taken as JSON, and
 * the rest gets a clear 415. So many are read at once: each takes memory for as long as its sender likes to take.
 */
export function readJsonBody({ maxBodyBytes, maxBodies }: Pick<ServerConfig, 'maxBodyBytes' | 'maxBodies'>) {
  const read = express.text({ type: () => true, limit: maxBodyBytes, defaultCharset: 'utf-8' })
  return [atOnce(read, maxBodies), parseJson]
}

const retryAfterMs = 1_000

function atOnce(read: RequestHandler, { ofAddress, inAll }: ServerConfig['maxBodies']): RequestHandler {
  const reading = new Map<string, number>()
  let all = 0
  return (request, response, next) => {
    const address = request.ip ?? ''
    const of = reading.get(address) ?? 0
    if (all >= inAll || of >= ofAddress) {
      throw new ProblemError(
        'too_many_requests',
        'Too many requests are being read at once. Try again a little later.',
        {
          retry_after_ms: retryAfterMs,
        },
      )
    }
    all += 1
    reading.set(address, of + 1)
    let over = false
    const leave = () => {
      if (over) return
      over = true
      all -= 1
      const left = (reading.get(address) ?? 1) - 1
      if (left > 0) reading.set(address, left)
      else reading.delete(address)
    }
    response.once('close', leave)
    void read(request, response, (error?: unknown) => {
      leave()
      next(error)
    })
  }
}

const parseJson: RequestHandler = (request, _response, next) => {
  // Without a body the reader leaves undefined, or an empty text when its length is announced as 0.
  if (typeof request.body !== 'string' || request.body === '') {
    // Whoever comes next would read it again as what these announce: as a form or a file.
    delete request.headers['content-type']
    delete request.headers['content-disposition']
    request.body = undefined
    next()
    return
  }
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const isJson = type === '' || type === 'application/json' || type.endsWith('+json')
  if (!isJson && type !== 'application/x-www-form-urlencoded' && type !== 'text/plain') throw unsupported(type)
  let body: unknown
  try {
    body = JSON.parse(request.body)
  } catch (error) {
    if (!isJson) throw unsupported(type)
    const detail = error instanceof Error ? error.message : String(error)
    throw new ProblemError('invalid_request', `The body is not JSON: ${shortened(detail)}.`)
  }
  const unfit = findUnfit(body)
  if (unfit !== null) throw new ProblemError('invalid_request', unfit)
  request.body = body
  next()
}

function unsupported(type: string): ProblemError {
  return new ProblemError(
    'unsupported_media_type',
    `A body of type ${type} is not understood here: send JSON with "Content-Type: application/json".`,
  )
}
