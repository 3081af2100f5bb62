import { describe, expect, it } from 'vitest'
import { FakeEngine } from '../../tests/support/renderer/fake-engine.ts'
import { portPair } from '../../tests/support/renderer/port-pair.ts'
import { makeDetail, makeRow } from '../../tests/support/renderer/rows.ts'
import { createEngineClient } from '../engine-link/engine-client.ts'
import { sendEdit } from './changes.ts'
import { baseOf } from './open-form.ts'

function setUp() {
  const engine = new FakeEngine()
  engine.rows = [makeRow(1)]
  const [ours, theirs] = portPair()
  engine.serve(theirs)
  return { engine, client: createEngineClient(ours) }
}

const detail = makeDetail(makeRow(1))
const { quote } = detail
const { customer_id, title, currency, lines, value_minor, expires_on, time_zone } = quote
const same = { customer_id, title, currency, lines, value_minor, expires_on, time_zone }

describe('an edit', () => {
  it('carries only what changed, over the version and values that the form showed', async () => {
    const { engine, client } = setUp()
    const sent = await sendEdit(client, quote.id, baseOf(detail), { ...same, title: 'New', expires_on: null })
    expect(sent).toEqual({ entry: 1, names: ['title', 'expires_on'] })
    expect(engine.sent).toEqual([
      { id: quote.id, base: { version: 3, fields: { title, expires_on } }, fields: { title: 'New', expires_on: null } },
    ])
  })

  it('that changes nothing is not sent', async () => {
    const { engine, client } = setUp()
    expect(await sendEdit(client, quote.id, baseOf(detail), same)).toBeNull()
    expect(engine.sent).toEqual([])
  })

  it('that is refused throws the reason in words', async () => {
    const { engine, client } = setUp()
    engine.failing = 'A quote that is sent needs its customer.'
    await expect(sendEdit(client, quote.id, baseOf(detail), { ...same, title: 'New' })).rejects.toThrow(
      'A quote that is sent needs its customer.',
    )
  })
})
