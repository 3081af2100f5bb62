import { expect, test } from 'vitest'
import { z } from 'zod'
import { StorageBusyError } from '../store/errors.ts'
import { parseRequest } from './parse-request.ts'
import { ProblemError } from './problem-error.ts'
import { toProblem } from './to-problem.ts'

const schema = z.object({ page: z.int() })

test('a request that does not fit its schema is refused with the fields that are wrong', () => {
  expect(parseRequest(schema, { page: 1 })).toEqual({ page: 1 })
  let refusal: unknown
  try {
    parseRequest(schema, { page: 'x' })
  } catch (error) {
    refusal = error
  }
  expect(refusal).toBeInstanceOf(ProblemError)
  expect(toProblem(refusal)).toMatchObject({
    code: 'invalid_request',
    status: 400,
    data: { issues: [{ field: 'page' }] },
  })
})

test('anything else that does not fit its schema is our own fault, for the log alone', () => {
  expect(toProblem(schema.safeParse({}).error)).toBeNull()
})

test('a database that another process holds is told as busy, with what to do', () => {
  expect(toProblem(new StorageBusyError())).toMatchObject({
    code: 'busy',
    status: 503,
    message: expect.stringContaining('try again'),
  })
})
