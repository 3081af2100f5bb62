import { expect, test } from 'vitest'
import { portEnd } from '../../../domain/host/port-end.ts'
import { orpcServerPort } from './orpc-port.ts'

function listen() {
  let released = false
  const heard: unknown[] = []
  const release = () => {
    released = true
  }
  const { port, deliver } = portEnd({ open: true, send: () => undefined, release })
  orpcServerPort(port).on('message', (event) => heard.push(event?.data))
  return { heard, deliver, isReleased: () => released }
}

test.each([
  '{"i":"1","p":{"u":"/quotes/list","b":{"json":{}}}}',
  '{"i":"1","t":1,"p":{"u":"/changes/watch","h":{"last-event-id":"3"},"m":"POST"}}',
  '{"i":"1","t":3,"p":{"e":"done"}}',
  '{"i":"1","t":4}',
])('what oRPC’s client says is heard: %s', (message) => {
  const { heard, deliver, isReleased } = listen()
  deliver(message)
  expect(heard).toEqual([message])
  expect(isReleased()).toBe(false)
})

test.each<[unknown]>([
  [null],
  [{}],
  [[1]],
  [''],
  ['{'],
  ['null'],
  ['{"i":{},"p":[]}'],
  ['{"i":"1","t":99,"p":{}}'],
  ['{"i":"1","t":3}'],
  ['{"i":"1","p":{"u":"http://["}}'],
  ['{"i":"1","p":{"u":"/x","h":{"Content-Type":"multipart/form-data"}}}'],
  ['['.repeat(100_000)],
])('whoever says anything else is hung up on: %j', (message) => {
  const { heard, deliver, isReleased } = listen()
  deliver(message)
  expect(heard).toEqual([])
  expect(isReleased()).toBe(true)
})
