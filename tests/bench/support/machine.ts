import os from 'node:os'

/** What the figures were measured on; they mean nothing without it. */
export function machine(): Record<string, unknown> {
  const cpus = os.cpus()
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memory_gib: Math.round(os.totalmem() / 2 ** 30),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
  }
}

/** Every figure is a plain number with its unit in its name; ratio > 1 means ours is slower or larger. */
export interface Measurement {
  ours: Record<string, unknown>
  baseline: Record<string, unknown>
  ratio: Record<string, number>
}
export type Progress = (line: string) => void
export type Measure = (progress: Progress) => Promise<Measurement>
