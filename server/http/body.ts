import express, { type RequestHandler } from 'express'
import { ProblemError } from './problem-error.ts'

/**
 * Reads a body as JSON. `curl -d` without a content type calls its JSON a form: what reads as JSON is taken as JSON, and
 * the rest gets a clear 415.
 */
export function readJsonBody(maxBytes: number): RequestHandler[] {
  return [express.text({ type: () => true, limit: maxBytes, defaultCharset: 'utf-8' }), parseJson]
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
  try {
    request.body = JSON.parse(request.body) as unknown
  } catch (error) {
    if (!isJson) throw unsupported(type)
    const detail = error instanceof Error ? error.message : String(error)
    throw new ProblemError('invalid_request', `The body is not JSON: ${detail}.`)
  }
  next()
}

function unsupported(type: string): ProblemError {
  return new ProblemError(
    'unsupported_media_type',
    `A body of type ${type} is not understood here: send JSON with "Content-Type: application/json".`,
  )
}
