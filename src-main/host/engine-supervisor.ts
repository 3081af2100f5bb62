import { type EngineToHost, engineToHostSchema, type HostToEngine } from '../../domain/host/messages.ts'
import type { Port } from '../../domain/host/port.ts'

/** A running engine as its host sees it, whatever started it. */
export interface EngineProcess {
  control: Port
  /** Called once, also when it ended before anybody listened. `how` is for people: code or signal. */
  onExit(listener: (how: string) => void): void
  /** It has said `stopped`: let it end by itself, or end it where it would not. */
  release(): void
  kill(): void
}

export interface SupervisorOptions<P extends EngineProcess> {
  launch: () => P
  /** What the engine is started with; asked anew for every start, so that a restart gets the present values. */
  startMessage: () => Extract<HostToEngine, { kind: 'start' }>
  onMessage: (message: EngineToHost) => void
  /** The engine ended unasked and will be started again in `retryMs`. */
  onCrash: (how: string, retryMs: number) => void
  /** How long a stopping engine may take to finish its writes. */
  stopBoundMs: number
  /** How long an engine has to run before an earlier crash no longer counts. */
  healthyMs: number
}

/**
 * not_started ─start→ running ─exit→ waiting ─timer→ running …
 *                        └─stop→ stopping ─exit or bound→ stopped
 */
type State<P> =
  | { kind: 'not_started' }
  | { kind: 'running'; engine: P; startedAtMs: number; crashes: number }
  | { kind: 'waiting'; timer: NodeJS.Timeout; crashes: number }
  | { kind: 'stopping'; engine: P; exited: Promise<void> }
  | { kind: 'stopped' }

const firstRetryMs = 250
const longestRetryMs = 30_000

/** 250 ms, doubled with every crash in a row, at most 30 s. */
export function retryDelayMs(crashesInARow: number): number {
  return Math.min(firstRetryMs * 2 ** Math.max(0, crashesInARow - 1), longestRetryMs)
}

/** Keeps one engine running: starts it, starts it again after a crash with growing pauses, stops it in order. */
export class EngineSupervisor<P extends EngineProcess> {
  private readonly options: SupervisorOptions<P>
  private state: State<P> = { kind: 'not_started' }

  constructor(options: SupervisorOptions<P>) {
    this.options = options
  }

  start(): void {
    if (this.state.kind === 'not_started') this.run(0)
  }

  /** The engine to open windows on, or null while there is none. */
  current(): P | null {
    return this.state.kind === 'running' ? this.state.engine : null
  }

  /** Dropped while no engine runs: the next one gets the present state in its `start` message. */
  send(message: HostToEngine): void {
    if (this.state.kind === 'running') this.state.engine.control.post(message)
  }

  /** Asks the engine to stop and waits for its end; killed when it takes longer than the bound. */
  async stop(): Promise<void> {
    if (this.state.kind === 'stopping') return this.state.exited
    if (this.state.kind === 'waiting') clearTimeout(this.state.timer)
    if (this.state.kind !== 'running') {
      this.state = { kind: 'stopped' }
      return
    }
    const { engine } = this.state
    const exited = new Promise<void>((resolve) => {
      const bound = setTimeout(() => engine.kill(), this.options.stopBoundMs)
      engine.onExit(() => {
        clearTimeout(bound)
        this.state = { kind: 'stopped' }
        resolve()
      })
    })
    this.state = { kind: 'stopping', engine, exited }
    engine.control.post({ kind: 'stop' } satisfies HostToEngine)
    return exited
  }

  private run(crashes: number): void {
    const engine = this.options.launch()
    this.state = { kind: 'running', engine, startedAtMs: performance.now(), crashes }
    engine.control.onMessage((message) => this.receive(engine, message))
    engine.onExit((how) => this.exited(engine, how))
    engine.control.post(this.options.startMessage())
  }

  private receive(engine: P, message: unknown): void {
    const parsed = engineToHostSchema.safeParse(message)
    if (!parsed.success) throw new TypeError(`the engine sent what no host understands: ${parsed.error.message}`)
    if (parsed.data.kind === 'stopped' && this.state.kind === 'stopping') engine.release()
    this.options.onMessage(parsed.data)
  }

  private exited(engine: P, how: string): void {
    if (this.state.kind !== 'running' || this.state.engine !== engine) return
    const healthy = performance.now() - this.state.startedAtMs >= this.options.healthyMs
    const crashes = (healthy ? 0 : this.state.crashes) + 1
    const retryMs = retryDelayMs(crashes)
    this.state = { kind: 'waiting', crashes, timer: setTimeout(() => this.run(crashes), retryMs) }
    this.options.onCrash(how, retryMs)
  }
}
