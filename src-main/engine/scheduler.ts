/** Timers by parameter, so that tests own time. The real one is `systemScheduler`. */
export interface Scheduler {
  /** Runs once after the delay, unless cancelled by the function returned. */
  after: (delayMs: number, run: () => void) => () => void
}

export const systemScheduler: Scheduler = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Where there is nothing to cancel or end (yet). */
export const doNothing = (): void => {}

/** Runs again and again, the next delay beginning when a run has ended. Returns how to stop it. */
export function every(scheduler: Scheduler, periodMs: number, run: () => void): () => void {
  let cancel = doNothing
  const again = () => {
    cancel = scheduler.after(periodMs, () => {
      again()
      run()
    })
  }
  again()
  return () => cancel()
}
