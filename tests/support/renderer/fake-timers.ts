import type { Timers } from '../../../src-renderer/engine-link/paint-gate.ts'

/** Time that moves only when a test says so. */
export class FakeTimers implements Timers {
  private now = 1_795_000_000_000
  private readonly waiting = new Set<{ atMs: number; run: () => void }>()

  nowMs = () => this.now

  after = (delayMs: number, run: () => void) => {
    const timer = { atMs: this.now + delayMs, run }
    this.waiting.add(timer)
    return () => void this.waiting.delete(timer)
  }

  /** Runs all that is due within the next `ms`, in order. */
  advance(ms: number): void {
    const untilMs = this.now + ms
    for (;;) {
      const [next] = [...this.waiting].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      this.waiting.delete(next)
      this.now = Math.max(this.now, next.atMs)
      next.run()
    }
    this.now = untilMs
  }

  /** Timers that have not run. */
  pending = () => this.waiting.size
}
