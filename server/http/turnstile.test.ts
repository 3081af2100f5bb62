import { expect, test } from 'vitest'
import { ProblemError } from './problem-error.ts'
import { createTurnstile } from './turnstile.ts'

const retryOf = (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => Number.NaN,
    (error: unknown) =>
      error instanceof ProblemError && error.problem.code === 'too_many_requests'
        ? (error.problem.data as { retry_after_ms: number }).retry_after_ms
        : Number.NaN,
  )

test('I19: so much at once, so much waiting, the rest is refused at once and let in later', async () => {
  const turnstile = createTurnstile({ atOnce: 2, maxWaiting: 3 }, 'tests')
  const open: (() => void)[] = []
  let running = 0
  let most = 0
  const work = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise<void>((resolve) => open.push(resolve))
    running -= 1
  }
  const passes = Array.from({ length: 9 }, () => turnstile.pass(work))
  const refused = await Promise.all(passes.slice(5).map(retryOf))
  expect(refused.every((ms) => ms >= 250)).toBe(true)
  while (open.length > 0) {
    open.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(passes.slice(0, 5))
  expect(most).toBe(2)
  await expect(turnstile.pass(() => Promise.resolve('in'))).resolves.toBe('in')
})

test('those turned away are spread over the time that all of them will take', async () => {
  let next = 0
  const turnstile = createTurnstile({ atOnce: 1, maxWaiting: 0 }, 'tests', () => (next = (next + 0.1) % 1))
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const inside = turnstile.pass(() => opened)
  const waits: number[] = []
  for (let count = 0; count < 2_000; count += 1) waits.push(await retryOf(turnstile.pass(() => Promise.resolve())))
  expect(Math.max(...waits.slice(0, 20))).toBeLessThan(2_000)
  expect(Math.max(...waits)).toBeGreaterThan(5_000)
  expect(new Set(waits).size).toBeGreaterThan(100)
  open()
  await inside
})

test('work that fails gives its place back', async () => {
  const turnstile = createTurnstile({ atOnce: 1, maxWaiting: 0 }, 'tests')
  for (let count = 0; count < 3; count += 1) {
    await expect(turnstile.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  }
})
