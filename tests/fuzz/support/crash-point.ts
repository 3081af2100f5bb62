/** Counts the moments at which a process may die; `hit` at the armed one tells, once. */
export interface CrashPoint {
  /** Die at the n-th moment from now, 1 being the next. */
  arm: (n: number, onHit: (moment: string) => void) => void
  disarm: () => void
  hit: (moment: string) => void
}

const nobody = (): void => {}

export function createCrashPoint(): CrashPoint {
  let left = 0
  let tell: (moment: string) => void = nobody
  return {
    arm: (n, onHit) => {
      left = n
      tell = onHit
    },
    disarm: () => {
      left = 0
    },
    hit: (moment) => {
      if (left === 0) return
      left -= 1
      if (left === 0) tell(moment)
    },
  }
}
