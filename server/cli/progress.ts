import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  update(done: number): void
  /** Leaves what was drawn on the screen. */
  stop(): void
}

/**
 * A bar on a terminal; elsewhere (a log, a pipe) a line each tenth, because a bar there is a heap of control characters.
 * @param what goes on: `importing quotes`
 */
export function createProgress(stream: NodeJS.WriteStream, what: string, total: number): Progress {
  if (stream.isTTY) {
    const format = `${what} {bar} {value} of {total} | {eta} s left`
    const bar = new SingleBar({ stream, format, hideCursor: true }, Presets.shades_classic)
    bar.start(total, 0)
    return { update: (done) => bar.update(done), stop: () => bar.stop() }
  }
  let told = 0
  return {
    update: (done) => {
      const tenth = total === 0 ? 10 : Math.floor((done * 10) / total)
      if (tenth === told) return
      told = tenth
      stream.write(`${what}: ${done} of ${total}\n`)
    },
    stop: () => undefined,
  }
}
