import { vi } from 'vitest'

/** Waits until it no longer throws. Ten seconds: two cores, a busy machine and a cold start of a process in between. */
export function eventually<T>(check: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  return vi.waitFor(check, { timeout: timeoutMs, interval: 20 })
}
