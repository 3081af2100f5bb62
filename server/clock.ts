import type { Clock } from '../domain/time.ts'

/** The machine's clock: the only place in the server that reads it. */
export const systemClock: Clock = { nowMs: () => Date.now() }
