import { join } from 'node:path'
import type { SampleAccount } from '../../../domain/host/messages.ts'
import { projectRoot, type Started, startChild } from './child.ts'

const serverCli = join(projectRoot, 'server', 'cli', 'main.ts')

/** The real server as its own process, which can be stopped, killed and started again on the same port and data. */
export class TestServer {
  private readonly dataDir: string
  private running: Started | null = null
  private address: string | null = null

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  get url(): string {
    if (this.address === null) throw new Error('the server was never started')
    return this.address
  }

  async start(): Promise<void> {
    const port = this.address === null ? '0' : new URL(this.address).port
    this.running = await startChild(serverCli, ['serve', '--data', this.dataDir, '--port', port])
    this.address = this.running.url
  }

  async stop(): Promise<void> {
    await this.running?.stop()
    this.running = null
  }

  async kill(): Promise<void> {
    await this.running?.kill()
    this.running = null
  }

  /** The HTTP API as somebody else would use it, e.g. a colleague at another machine. */
  async as({ email, password }: SampleAccount): Promise<TestApi> {
    const { access_token } = (await post(`${this.url}/auth/sign-in`, { email, password }, null)) as {
      access_token: string
    }
    return {
      get: (path) => answer(path, fetch(`${this.url}${path}`, { headers: bearer(access_token) })),
      post: (path, body) => post(`${this.url}${path}`, body, access_token),
    }
  }
}

/** Both throw an Error with the server's answer when it refuses. */
export interface TestApi {
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
}

const bearer = (token: string | null): Record<string, string> =>
  token === null ? {} : { authorization: `Bearer ${token}` }

function post(url: string, body: unknown, token: string | null): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...bearer(token) }
  return answer(url, fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function answer(what: string, sent: Promise<Response>): Promise<unknown> {
  const response = await sent
  if (!response.ok) throw new Error(`${what} answered ${response.status}: ${await response.text()}`)
  return response.json()
}
