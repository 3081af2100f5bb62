import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HostToEngine } from '../../domain/host/messages.ts'
import { type EngineProcess, EngineSupervisor, retryDelayMs } from './engine-supervisor.ts'

/** An engine that a test ends, and that answers `stop` or does not. */
class FakeEngine implements EngineProcess {
  readonly heard: HostToEngine[] = []
  readonly control = {
    post: (message: unknown) => {
      this.heard.push(message as HostToEngine)
      if ((message as HostToEngine).kind === 'stop' && this.answersStop) this.say({ kind: 'stopped' })
    },
    onMessage: (listener: (message: unknown) => void) => {
      this.listener = listener
    },
    onClose: () => undefined,
    close: () => undefined,
  }
  killed = false
  released = false
  private readonly answersStop: boolean
  private listener: (message: unknown) => void = () => undefined
  private exitListeners: Array<(how: string) => void> = []

  constructor(answersStop: boolean) {
    this.answersStop = answersStop
  }

  say(message: unknown) {
    this.listener(message)
  }
  exit(how = 'with exit code 1') {
    for (const listener of this.exitListeners) listener(how)
  }
  onExit(listener: (how: string) => void) {
    this.exitListeners.push(listener)
  }
  release() {
    this.released = true
    this.exit('with exit code 0')
  }
  kill() {
    this.killed = true
    this.exit('by signal SIGKILL')
  }
}

function supervised({ answersStop = true } = {}) {
  const engines: FakeEngine[] = []
  const onMessage = vi.fn()
  const onCrash = vi.fn()
  let starts = 0
  const supervisor = new EngineSupervisor<FakeEngine>({
    launch: () => {
      const engine = new FakeEngine(answersStop)
      engines.push(engine)
      return engine
    },
    startMessage: () => {
      starts += 1
      return {
        kind: 'start',
        data_dir: '/data',
        server_url: 'http://127.0.0.1:1',
        toast_channel: { kind: 'in_window', reason: 'test' },
        secret_keeping: { kind: 'kept' },
        secret: `secret ${starts}`,
        sample_accounts: [],
        log_level: 'silent',
      }
    },
    onMessage,
    onCrash,
    stopBoundMs: 5_000,
    healthyMs: 60_000,
  })
  supervisor.start()
  return { supervisor, engines, onMessage, onCrash }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a supervised engine', () => {
  it('is told `start` before anything else', () => {
    const { supervisor, engines } = supervised()
    supervisor.send({ kind: 'power', event: 'resume' })
    expect(engines[0]?.heard.map(({ kind }) => kind)).toEqual(['start', 'power'])
  })

  it('is started again after a crash, with the values of that moment', () => {
    const { engines, onCrash } = supervised()
    engines[0]?.exit('by signal SIGSEGV')
    expect(onCrash).toHaveBeenCalledWith('by signal SIGSEGV', 250)
    vi.advanceTimersByTime(250)
    expect(engines).toHaveLength(2)
    expect(engines[1]?.heard[0]).toMatchObject({ kind: 'start', secret: 'secret 2' })
  })

  it('is waited for longer after each crash in a row, at most 30 s', () => {
    const { engines, onCrash } = supervised()
    for (let crash = 0; crash < 10; crash += 1) {
      engines.at(-1)?.exit()
      vi.advanceTimersByTime(30_000)
    }
    const delays = onCrash.mock.calls.map((call) => call[1] as number)
    expect(delays.slice(0, 4)).toEqual([250, 500, 1_000, 2_000])
    expect(delays.at(-1)).toBe(30_000)
    expect(Math.max(...delays)).toBe(30_000)
  })

  it('that ran well for a minute starts counting crashes anew', () => {
    const { engines, onCrash } = supervised()
    engines[0]?.exit()
    vi.advanceTimersByTime(250)
    vi.advanceTimersByTime(60_000)
    engines[1]?.exit()
    expect(onCrash).toHaveBeenLastCalledWith('with exit code 1', 250)
  })

  it('is no window’s engine while it is down', () => {
    const { supervisor, engines } = supervised()
    expect(supervisor.current()).toBe(engines[0])
    engines[0]?.exit()
    expect(supervisor.current()).toBeNull()
    supervisor.send({ kind: 'power', event: 'resume' })
    expect(engines[0]?.heard).toHaveLength(1)
  })

  it('stops in order: asked, answered, released, not killed and not started again', async () => {
    const { supervisor, engines, onCrash } = supervised()
    await supervisor.stop()
    expect(engines[0]).toMatchObject({ released: true, killed: false })
    vi.advanceTimersByTime(60_000)
    expect(engines).toHaveLength(1)
    expect(onCrash).not.toHaveBeenCalled()
  })

  it('that does not stop within the bound is killed', async () => {
    const { supervisor, engines } = supervised({ answersStop: false })
    const stopped = supervisor.stop()
    vi.advanceTimersByTime(4_999)
    expect(engines[0]?.killed).toBe(false)
    vi.advanceTimersByTime(1)
    await stopped
    expect(engines[0]?.killed).toBe(true)
  })

  it('that waits for its next start is not started any more once stopped', async () => {
    const { supervisor, engines } = supervised()
    engines[0]?.exit()
    await supervisor.stop()
    vi.advanceTimersByTime(60_000)
    expect(engines).toHaveLength(1)
  })

  it('is stopped once, however often it is asked', async () => {
    const { supervisor, engines } = supervised()
    await Promise.all([supervisor.stop(), supervisor.stop()])
    expect(engines[0]?.heard.filter(({ kind }) => kind === 'stop')).toHaveLength(1)
  })

  it('that says what no host understands is refused, not half understood', () => {
    const { engines, onMessage } = supervised()
    expect(() => engines[0]?.say({ kind: 'show_toast', toast: { title: 1 } })).toThrow('no host understands')
    expect(onMessage).not.toHaveBeenCalled()
  })
})

it('the first retry comes at once as people notice it', () => {
  expect(retryDelayMs(1)).toBe(250)
})
