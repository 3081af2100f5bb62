import { readFileSync } from 'node:fs'
import { rawClient } from './raw-client.ts'

/** What came since the last reset: event i reached client `clients[i]` at `times_us[i]` of the monotonic clock. */
export interface Taken {
  kind: 'taken'
  clients: number[]
  seqs: number[]
  times_us: number[]
}
interface TakeRequest {
  kind: 'reset' | 'count' | 'take'
}

/**
 * A process full of raw clients. Started by fork; argv: port, file with one JSON `auth` a line; the client's number is its
 * line. Tells `{kind:'ready', count}` when all are in. The monotonic clock is one for all processes of a machine.
 */

const [port, authFile] = process.argv.slice(2)
const auths = readFileSync(authFile ?? '', 'utf8')
  .trim()
  .split('\n')

let ready = 0
let clients: number[] = []
let seqs: number[] = []
let times: number[] = []
const say = (message: unknown) => process.send?.(message)

/** Connections are opened a few at a time: a listen queue is finite. */
const opening = 100
let next = 0

function openNext(): void {
  const auth = auths[next]
  if (auth === undefined) return
  const client = next
  next += 1
  rawClient({
    port: Number(port),
    auth: JSON.parse(auth),
    onReady: () => {
      ready += 1
      openNext()
      if (ready === auths.length) say({ kind: 'ready', count: ready })
    },
    onEvent: (seq) => {
      clients.push(client)
      seqs.push(seq)
      times.push(Number(process.hrtime.bigint() / 1000n))
    },
    onClose: (reason) => say({ kind: 'closed', reason }),
  })
}

process.on('message', (request: TakeRequest) => {
  if (request.kind === 'reset') {
    clients = []
    seqs = []
    times = []
  }
  if (request.kind === 'count') say({ kind: 'count', count: seqs.length })
  if (request.kind === 'take') say({ kind: 'taken', clients, seqs, times_us: times } satisfies Taken)
})
for (let started = 0; started < opening; started += 1) openNext()
