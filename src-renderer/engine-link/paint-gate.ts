/** Timers by parameter, so that tests can hold time still. Delays in milliseconds. */
export interface Timers {
  nowMs: () => number
  after: (delayMs: number, run: () => void) => () => void
}

export interface PaintGate {
  /** Runs `apply` with the next paint, at once when there was none for a while. Resolves when it has been run. */
  paint: (apply: () => void) => Promise<void>
  stop: () => void
}

/** Ten paints of data a second are as many as a person can follow; input is never behind the gate. */
export const paintIntervalMs = 100

/**
 * Lets data reach the screen at most once per interval: all that arrives between goes in one step. The first after a
 * pause passes without delay.
 */
export function createPaintGate(timers: Timers, intervalMs = paintIntervalMs): PaintGate {
  let waiting: Array<() => void> = []
  let lastPaintMs = Number.NEGATIVE_INFINITY
  let cancelTimer: (() => void) | null = null

  const flush = () => {
    cancelTimer = null
    lastPaintMs = timers.nowMs()
    const applies = waiting
    waiting = []
    for (const apply of applies) apply()
  }

  return {
    paint(apply) {
      return new Promise((resolve) => {
        waiting.push(() => {
          apply()
          resolve()
        })
        // Even when there is no wait, a turn of the event loop lets what arrives together be painted together.
        cancelTimer ??= timers.after(Math.max(0, lastPaintMs + intervalMs - timers.nowMs()), flush)
      })
    },
    stop() {
      cancelTimer?.()
      cancelTimer = null
      waiting = []
    },
  }
}
