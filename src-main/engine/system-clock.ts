import type { Clock } from '../../domain/time.ts'

/** The machine's clock: the only place in the engine that reads it. */
// oxlint-disable-next-line no-restricted-globals -- this is where every "now" comes from
export const systemClock: Clock = { nowMs: () => Date.now() }
