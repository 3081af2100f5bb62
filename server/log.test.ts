import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from './log.ts'

test('what opens doors is never written down, wherever it stands', () => {
  const written: string[] = []
  const log = createLog(
    'info',
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written.push(chunk.toString())
        done()
      },
    }),
  )
  log.info({ password: 'hush', headers: { authorization: 'Bearer hush' }, auth: { token: 'hush' } }, 'signing in')
  log.info({ body: { tokens: { refresh_token: 'hush', access_token: 'hush' } }, person_id: 'kept' }, 'signed in')
  log.debug('not at this level')
  expect(written).toHaveLength(2)
  expect(written.join('')).not.toContain('hush')
  expect(written.join('')).toContain('"person_id":"kept"')
})
