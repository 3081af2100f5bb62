import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Port } from '../../../domain/host/port.ts'
import { eventually } from '../../support/eventually.ts'
import type { Order } from './echo-side.ts'

export interface NearSide {
  /** Our end; `serveEcho` answers at the other. */
  port: Port
  /** Ends both sides, whatever state they are in. */
  dispose(): Promise<void> | void
}

/** What `Port` promises, held against one way to make one. `connect` must not read from the port. */
export function portContract(name: string, connect: () => Promise<NearSide>): void {
  describe(`port over ${name}`, () => {
    let near: NearSide
    let port: Port
    const order = (wish: Order) => port.post(wish)
    const collect = () => {
      const received: unknown[] = []
      port.onMessage((message) => received.push(message))
      return received
    }
    beforeEach(async () => {
      near = await connect()
      port = near.port
    })
    afterEach(() => near.dispose())

    it('carries JSON-pure messages unchanged, also empty, nested and large ones', async () => {
      const received = collect()
      const messages = ['', 0, null, false, 'ü€😀', { a: [{ b: null }] }, 'x'.repeat(1_000_000)]
      for (const message of messages) port.post(message)
      await eventually(() => expect(received).toEqual(messages))
    })

    it('delivers each message once and in order', async () => {
      const received = collect()
      order({ order: 'burst', count: 2_000 })
      port.post('last')
      await eventually(() => expect(received.at(-1)).toBe('last'))
      expect(received).toEqual([...Array(2_000).keys(), 'last'])
    })

    it('loses nothing that arrives before onMessage is set', async () => {
      order({ order: 'burst', count: 10 })
      port.post('mark')
      // Another round trip of the event loop's worth of messages has to be on this side before anybody listens.
      await new Promise((resolve) => setTimeout(resolve, 50))
      const received = collect()
      await eventually(() => expect(received).toEqual([...Array(10).keys(), 'mark']))
    })

    it('tells once that the other side closed', async () => {
      const closed = vi.fn()
      collect()
      port.onClose(closed)
      order({ order: 'close' })
      await eventually(() => expect(closed).toHaveBeenCalled())
      port.close()
      expect(closed).toHaveBeenCalledTimes(1)
    })

    it('tells once that the other side died', async () => {
      const closed = vi.fn()
      collect()
      port.onClose(closed)
      order({ order: 'die' })
      await eventually(() => expect(closed).toHaveBeenCalled())
      port.close()
      expect(closed).toHaveBeenCalledTimes(1)
    })

    it('tells an own close once, also to who listens later', async () => {
      const before = vi.fn()
      const after = vi.fn()
      port.onClose(before)
      port.close()
      port.close()
      await eventually(() => expect(before).toHaveBeenCalledTimes(1))
      port.onClose(after)
      expect(after).toHaveBeenCalledTimes(1)
      expect(before).toHaveBeenCalledTimes(1)
    })

    it('does nothing on post after close', () => {
      const received = collect()
      port.close()
      expect(() => port.post('too late')).not.toThrow()
      expect(received).toEqual([])
    })

    it('delivers nothing after its own close', async () => {
      const received = collect()
      port.post('first')
      await eventually(() => expect(received).toEqual(['first']))
      order({ order: 'burst', count: 500 })
      port.close()
      const closed = vi.fn()
      port.onClose(closed)
      expect(closed).toHaveBeenCalled()
      expect(received).toEqual(['first'])
    })
  })
}
