import { expect, test, vi } from 'vitest'
import { Multiplexer } from './multiplex.ts'
import type { Port } from './port.ts'

const nobody: (message: unknown) => void = () => undefined

/** Two ends of one pipe that deliver in the same turn. */
function pipePair(): { a: Port; b: Port; break: () => void } {
  const listeners = { a: nobody, b: nobody }
  const closers: Array<() => void> = []
  const end = (mine: 'a' | 'b', other: 'a' | 'b'): Port => ({
    post: (message) => listeners[other](JSON.parse(JSON.stringify(message))),
    onMessage: (listener) => {
      listeners[mine] = listener
    },
    onClose: (listener) => void closers.push(listener),
    close: () => undefined,
  })
  return { a: end('a', 'b'), b: end('b', 'a'), break: () => closers.forEach((close) => close()) }
}

function connected() {
  const pipe = pipePair()
  const opener = new Multiplexer(pipe.a)
  const accepter = new Multiplexer(pipe.b)
  const accepted: Array<{ name: string; port: Port }> = []
  accepter.onOpen((name, port) => accepted.push({ name, port }))
  const open = (name: string): [Port, Port] => {
    const mine = opener.open(name)
    const theirs = accepted.at(-1)
    if (theirs?.name !== name) throw new Error(`channel ${name} did not arrive`)
    return [mine, theirs.port]
  }
  return { open, opener, accepted, breakPipe: pipe.break }
}

test('each channel carries its own messages, in order, in both directions', () => {
  const { open } = connected()
  const [control, engineControl] = open('control')
  const [window, engineWindow] = open('window')
  const heard: string[] = []
  for (const [name, port] of Object.entries({ control, engineControl, window, engineWindow })) {
    port.onMessage((message) => heard.push(`${name} ${JSON.stringify(message)}`))
  }
  control.post({ n: 1 })
  window.post('two')
  engineWindow.post([3])
  control.post({ n: 4 })
  expect(heard).toEqual(['engineControl {"n":1}', 'engineWindow "two"', 'window [3]', 'engineControl {"n":4}'])
})

test('messages that come before a listener wait for it', () => {
  const { open } = connected()
  const [mine, theirs] = open('window')
  mine.post(1)
  mine.post(2)
  const heard: unknown[] = []
  theirs.onMessage((message) => heard.push(message))
  mine.post(3)
  expect(heard).toEqual([1, 2, 3])
})

test('closing one end closes the other once, and leaves the other channels alone', () => {
  const { open } = connected()
  const [mine, theirs] = open('window')
  const [other, otherTheirs] = open('window')
  const closed = { mine: vi.fn(), theirs: vi.fn(), other: vi.fn() }
  mine.onClose(closed.mine)
  theirs.onClose(closed.theirs)
  other.onClose(closed.other)
  theirs.close()
  theirs.close()
  mine.close()
  expect(closed.mine).toHaveBeenCalledTimes(1)
  expect(closed.theirs).toHaveBeenCalledTimes(1)
  expect(closed.other).not.toHaveBeenCalled()
  const heard = vi.fn()
  otherTheirs.onMessage(heard)
  other.post('still here')
  expect(heard).toHaveBeenCalledWith('still here')
})

test('post after close does nothing; a listener for close that comes late is called at once', () => {
  const { open } = connected()
  const [mine, theirs] = open('window')
  const heard = vi.fn()
  theirs.onMessage(heard)
  mine.close()
  mine.post('too late')
  expect(heard).not.toHaveBeenCalled()
  const late = vi.fn()
  theirs.onClose(late)
  expect(late).toHaveBeenCalledTimes(1)
})

test('when the pipe dies every channel closes', () => {
  const { open, breakPipe } = connected()
  const closed = [open('control'), open('window')].flat().map((port) => {
    const listener = vi.fn()
    port.onClose(listener)
    return listener
  })
  breakPipe()
  for (const listener of closed) expect(listener).toHaveBeenCalledTimes(1)
})

test('a channel that nobody accepts, and a message that is no frame, are errors, not silence', () => {
  const pipe = pipePair()
  const opener = new Multiplexer(pipe.a)
  void new Multiplexer(pipe.b)
  expect(() => opener.open('surprise')).toThrow(/surprise/)
  expect(() => pipe.a.post('no frame')).toThrow(TypeError)
})
