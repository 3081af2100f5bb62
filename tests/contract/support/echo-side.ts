import type { Port } from '../../../domain/host/port.ts'

/** What the far side of a contract test does when told; everything else it sends back. */
export type Order = { order: 'burst'; count: number } | { order: 'close' } | { order: 'die' }

/**
 * The far side of a pipe: the same program whether it runs in this process or in another.
 * @param die ends the whole side without a word
 */
export function serveEcho(port: Port, die: () => void): void {
  port.onMessage((message) => {
    const order = orderOf(message)
    if (order === null) port.post(message)
    else if (order.order === 'burst') for (let n = 0; n < order.count; n += 1) port.post(n)
    else if (order.order === 'close') port.close()
    else die()
  })
}

function orderOf(message: unknown): Order | null {
  return typeof message === 'object' && message !== null && 'order' in message ? (message as Order) : null
}
