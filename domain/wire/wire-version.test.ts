import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import * as messages from './messages.ts'
import * as problem from './problem.ts'
import { protocolVersion } from './protocol-version.ts'
import * as socket from './socket.ts'
import * as streamEvent from './stream-event.ts'
import * as streamName from './stream-name.ts'
import * as syncHttp from './sync-http.ts'

/**
 * What each version of the protocol says, as a hash. A change of a schema needs a new version (a line in
 * protocol-version.ts saying what changed) and its line here; the hash of a version that was released never changes.
 */
const hashes: Record<number, string> = {
  1: 'bb4913ac1b52547c5ed30f49046296253e9cdb74dcc01531c6919849812a017a',
  2: 'cbd857da4f4fdb8f10ac3b78f668444876e81e3e7e69618c7b2ef660b0bb0b93',
  3: '0118102ee298d7dccc60b4dee27447d5a619f875be20f7b79f3df3238a237761',
}

const wireModules = { messages, problem, socket, streamEvent, streamName, syncHttp }

function wireSchemas(): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [module, exported] of Object.entries(wireModules)) {
    for (const [name, value] of Object.entries(exported)) {
      if (value instanceof z.ZodType) {
        found[`${module}.${name} read`] = z.toJSONSchema(value, { io: 'input' })
        found[`${module}.${name} written`] = z.toJSONSchema(value, { io: 'output' })
      }
    }
  }
  return { ...found, problemStatus: problem.problemStatus, rejectionCodes: syncHttp.rejectionCodes }
}

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const hashOf = (schemas: Record<string, unknown>) =>
  createHash('sha256').update(JSON.stringify(schemas, sortKeys)).digest('hex')

test('no wire schema changes without a new protocol version', () => {
  const hash = hashOf(wireSchemas())
  const problem =
    `The wire changed to ${hash}, but protocolVersion is still ${protocolVersion}: raise it, say what changed in ` +
    'protocol-version.ts, and add the new hash here.'
  expect(hash === hashes[protocolVersion] ? 'unchanged' : problem).toBe('unchanged')
})

test('the hash covers every message and notices a field that changes its type', () => {
  const schemas = wireSchemas()
  for (const name of ['socket.handshakeSchema', 'socket.beatSchema', 'streamEvent.streamEventSchema']) {
    expect(schemas).toHaveProperty([`${name} read`])
  }
  for (const name of [
    'syncHttp.mutationBatchSchema',
    'syncHttp.snapshotHeaderSchema',
    'messages.expiringAlertSchema',
  ]) {
    expect(schemas).toHaveProperty([`${name} read`])
  }
  const changed = {
    ...schemas,
    'socket.beatSchema read': z.toJSONSchema(socket.beatSchema.extend({ head: z.string() })),
  }
  expect(hashOf(changed)).not.toBe(hashOf(schemas))
})
