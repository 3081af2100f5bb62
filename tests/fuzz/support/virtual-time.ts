import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../../domain/time.ts'
import type { Scheduler } from '../../../src-main/engine/scheduler.ts'

/** The one time of a simulation: it stands still but when told, and timers that fall due on the way run in order. */
export interface VirtualTime {
  clock: Clock
  /** Timers of one process run; they die with it. */
  schedulerFor: (isAlive: () => boolean) => Scheduler
  advance: (ms: number) => Promise<void>
}

/**
 * Lets everything run that can run now. Nothing in a simulation waits for sockets, files or real timers, so after the turns
 * of `setImmediate` that snapshots and publishing take between portions, all is at rest.
 */
export async function settle(turns = 1): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn()
}

/** @param rest resolves when all that can happen now has happened */
export function createVirtualTime(startMs: number, rest: () => Promise<void> = settle): VirtualTime {
  let nowMs = startMs
  let made = 0
  const timers = new Map<number, { atMs: number; run: () => void; isAlive: () => boolean }>()
  const nextDue = (untilMs: number) => {
    let first: [number, { atMs: number; run: () => void }] | null = null
    for (const [id, timer] of timers) {
      if (!timer.isAlive()) timers.delete(id)
      else if (timer.atMs <= untilMs && (first === null || timer.atMs < first[1].atMs)) first = [id, timer]
    }
    return first
  }
  return {
    clock: { nowMs: () => nowMs },
    schedulerFor: (isAlive) => ({
      after: (delayMs, run) => {
        const id = (made += 1)
        timers.set(id, { atMs: nowMs + Math.max(0, delayMs), run, isAlive })
        return () => void timers.delete(id)
      },
    }),
    advance: async (ms) => {
      const untilMs = nowMs + ms
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        const [id, timer] = due
        timers.delete(id)
        nowMs = Math.max(nowMs, timer.atMs)
        timer.run()
        await rest()
      }
      nowMs = untilMs
    },
  }
}
