import { once } from 'node:events'
import { expect } from 'vitest'
import { call, connect, handshake, type Target } from './target.ts'

/** Somebody at work while others attack. */
export interface Honest {
  /** How much was asked and answered as it should be. */
  answered(): number
  /** @throws when anything at all was not answered as it should be */
  finish(): Promise<void>
}

/** Within the limits of one connection: a hundred messages in ten seconds. */
const pauseMs = 150

/** Mia, who reads, edits and listens without a pause, and waits when she is told to wait. */
export async function startHonest(target: Target): Promise<Honest> {
  const token = target.tokens.mia
  const socket = connect(target, handshake(token))
  await once(socket as never, 'welcome')
  const client_id = crypto.randomUUID()
  const over = new AbortController()
  const atWork = Promise.withResolvers<void>()
  let answered = 0
  let mutation_id = 0
  const lost: string[] = []
  socket.on('disconnect', (reason) => {
    if (!over.signal.aborted) lost.push(`the socket: ${reason}`)
  })

  const round = async () => {
    expect(await socket.timeout(20_000).emitWithAck('clock')).toMatchObject({ server_time_ms: expect.any(Number) })
    expect((await call(target, '/me', { token })).status).toBe(200)
    const { stream } = target.world.north
    const pull = await call(target, `/sync/streams/${stream}/events?epoch=${target.epoch}&after=0&limit=5`, { token })
    expect(pull.status).toBe(200)
    mutation_id += 1
    const mutation = { name: 'quote.add_note', mutation_id, quote: target.quoteId, text: 'At work.' }
    const edit = await call(target, '/sync/mutations', {
      token,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id, mutations: [mutation] }),
    })
    expect(edit).toMatchObject({ status: 200, body: { results: [{ outcome: 'committed', mutation_id }] } })
    answered += 4
    atWork.resolve()
  }
  const run = async () => {
    while (!over.signal.aborted) {
      await round()
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const running = run()
  running.catch(() => undefined)
  await Promise.race([running, atWork.promise])
  return {
    answered: () => answered,
    finish: async () => {
      over.abort()
      await running
      socket.disconnect()
      expect(lost).toEqual([])
    },
  }
}
