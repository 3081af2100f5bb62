import { readFileSync } from 'node:fs'
import { rawClient } from './raw-client.ts'

/**
 * A process full of raw clients. Started by fork; argv: port, file with one JSON `auth` a line.
 * Tells `{kind:'ready', count}` when all are in; on `{kind:'take'}` answers `{kind:'taken', seqs, at_ns}`, every event
 * received since, with the machine-wide monotonic clock in nanoseconds (relative to the `since` of the request).
 */
interface TakeRequest {
  kind: 'reset' | 'count' | 'take'
}

const [port, authFile] = process.argv.slice(2)
const auths = readFileSync(authFile ?? '', 'utf8').trim().split('\n')

let ready = 0
let seqs: number[] = []
let times: number[] = []
const say = (message: unknown) => process.send?.(message)

/** Connections are opened a few at a time: a listen queue is finite. */
const opening = 100
let next = 0

function openNext(): void {
  const auth = auths[next]
  if (auth === undefined) return
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
      seqs.push(seq)
      times.push(Number(process.hrtime.bigint() / 1000n))
    },
    onClose: (reason) => say({ kind: 'closed', reason }),
  })
}

process.on('message', (request: TakeRequest) => {
  if (request.kind === 'reset') {
    seqs = []
    times = []
  }
  if (request.kind === 'count') say({ kind: 'count', count: seqs.length })
  if (request.kind === 'take') say({ kind: 'taken', seqs, times_us: times })
})
for (let started = 0; started < opening; started += 1) openNext()
