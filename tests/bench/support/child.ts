import { type ChildProcess, fork } from 'node:child_process'

/** A forked process that is talked to by request and reply; rejects when it dies instead of answering. */
export class Child {
  private readonly process: ChildProcess

  constructor(file: string, args: readonly string[], execArgv: readonly string[] = []) {
    this.process = fork(file, args, { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  /** The next message for which `wanted` holds. */
  next<Reply extends { kind: string }>(kind: Reply['kind']): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: { kind: string; reason?: string }) => {
        if (message.kind === 'closed') finish(() => reject(new Error(`a client was closed: ${message.reason}`)))
        if (message.kind === kind) finish(() => resolve(message as Reply))
      }
      const onExit = (code: number | null) => finish(() => reject(new Error(`the process ended with ${code}`)))
      const finish = (settle: () => void) => {
        this.process.off('message', onMessage)
        this.process.off('exit', onExit)
        settle()
      }
      this.process.on('message', onMessage)
      this.process.on('exit', onExit)
    })
  }

  ask<Reply extends { kind: string }>(request: { kind: string }, reply: Reply['kind']): Promise<Reply> {
    const answer = this.next<Reply>(reply)
    this.process.send(request)
    return answer
  }

  tell(request: { kind: string }): void {
    this.process.send(request)
  }

  async end(): Promise<void> {
    const exited = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill('SIGKILL')
    await exited
  }
}
