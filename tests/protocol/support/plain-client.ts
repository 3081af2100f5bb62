import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { v7 } from 'uuid'

/**
 * A client written from PROTOCOL.md alone: it knows no code of the product, keeps everything in memory, and does the least
 * that the rules ask for. It is the example to read beside the protocol, and the probe of the conformance suite.
 */
export const protocol = 3

export type Json = Record<string, unknown>
export interface StreamEvent {
  place: {
    stream: string
    epoch: string
    seq: number
    at: string
    origin: { client_id: string; mutation_id: number } | null
  }
  change: { type: string; data: Json }
}
export interface Answer {
  status: number
  headers: Headers
  body: Json
  lines: Json[]
}
export interface Cursor {
  epoch: string
  seq: number
}

export const newId = (): string => v7()

export class PlainClient {
  readonly clientId = randomUUID() as string
  readonly url: string
  token = ''
  refreshToken = ''
  person: Json = {}
  workspace: Json = {}
  nextMutation = 1
  readonly cursors = new Map<string, Cursor>()
  /** stream → `kind id` → the row as the log tells it. */
  readonly rows = new Map<string, Map<string, Json>>()
  socket: Socket | null = null
  readonly heard: { name: string; value: Json }[] = []

  constructor(url: string) {
    this.url = url
  }

  async call(path: string, init: { json?: unknown; method?: string; token?: string } = {}): Promise<Answer> {
    const token = init.token ?? this.token
    const response = await fetch(new URL(path, this.url), {
      method: init.method ?? (init.json === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(init.json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
    })
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    const lines = type.startsWith('application/x-ndjson')
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Json)
      : []
    const body = type.startsWith('application/json') ? (JSON.parse(text) as Json) : {}
    return { status: response.status, headers: response.headers, body, lines }
  }

  async signIn(email: string, password: string): Promise<this> {
    this.take((await this.call('/auth/sign-in', { json: { email, password } })).body)
    return this
  }

  async refresh(): Promise<Answer> {
    const answer = await this.call('/auth/refresh', { json: { refresh_token: this.refreshToken } })
    if (answer.status === 200) this.take(answer.body)
    return answer
  }

  private take(tokens: Json): void {
    this.token = String(tokens['access_token'])
    this.refreshToken = String(tokens['refresh_token'])
    this.person = tokens['person'] as Json
    this.workspace = tokens['workspace'] as Json
  }

  /** Connects; resolves with the welcome, rejects with the refusal's data. */
  connect(auth: Json = {}): Promise<Json> {
    const socket = io(this.url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: this.token, protocol, client_id: this.clientId, ...auth },
    })
    this.socket = socket
    socket.onAny((name: string, value: Json) => this.heard.push({ name, value }))
    return new Promise((resolve, reject) => {
      socket.once('welcome', resolve)
      socket.once('connect_error', (error: Error & { data?: Json }) =>
        reject(Object.assign(error, { refusal: error.data })),
      )
    })
  }

  ask(name: string, ...args: unknown[]): Promise<Json> {
    if (!this.socket) throw new Error('connect first')
    return this.socket.timeout(5_000).emitWithAck(name, ...args) as Promise<Json>
  }

  heardOf(name: string): Json[] {
    return this.heard.filter((message) => message.name === name).map(({ value }) => value)
  }

  pull(stream: string, cursor: Cursor, limit = 5_000): Promise<Answer> {
    const query = new URLSearchParams({ epoch: cursor.epoch, after: String(cursor.seq), limit: String(limit) })
    return this.call(`/sync/streams/${encodeURIComponent(stream)}/events?${query.toString()}`)
  }

  async snapshot(stream: string): Promise<{ cursor: Cursor; rows: Json[]; header: Json }> {
    const at = `/sync/streams/${encodeURIComponent(stream)}/snapshot`
    const first = await this.call(`${at}?page=0`)
    const [header, ...rows] = first.lines
    if (!header) throw new Error(`no snapshot: ${JSON.stringify(first.body)}`)
    for (let page = 1; page < Number(header['pages']); page += 1) {
      const next = await this.call(`${at}?page=${page}&snapshot_id=${String(header['snapshot_id'])}`)
      rows.push(...next.lines.slice(1))
    }
    return { cursor: { epoch: String(header['epoch']), seq: Number(header['seq']) }, rows, header }
  }

  /** Brings one stream to its head: by log from the cursor, else by snapshot. */
  async catchUp(stream: string): Promise<void> {
    let cursor = this.cursors.get(stream)
    if (!cursor) cursor = await this.takeSnapshot(stream)
    for (;;) {
      const answer = await this.pull(stream, cursor, 500)
      if (answer.body['code'] === 'resync') {
        cursor = await this.takeSnapshot(stream)
        continue
      }
      const [header, ...events] = answer.lines
      for (const event of events) this.apply(event as unknown as StreamEvent)
      cursor = this.cursors.get(stream) ?? cursor
      if (cursor.seq >= Number(header?.['head'])) return
    }
  }

  private async takeSnapshot(stream: string): Promise<Cursor> {
    const { cursor, rows } = await this.snapshot(stream)
    this.rows.set(stream, new Map())
    for (const row of rows) this.fold(stream, row as unknown as StreamEvent['change'])
    this.cursors.set(stream, cursor)
    return cursor
  }

  /** Applies the next event, drops one that is known, refuses one past a gap. */
  apply({ place, change }: StreamEvent): 'applied' | 'known' | 'gap' {
    const cursor = this.cursors.get(place.stream) ?? { epoch: place.epoch, seq: 0 }
    if (place.epoch !== cursor.epoch) throw new Error('another epoch: take a snapshot')
    if (place.seq <= cursor.seq) return 'known'
    if (place.seq > cursor.seq + 1) return 'gap'
    this.fold(place.stream, change)
    this.cursors.set(place.stream, { epoch: place.epoch, seq: place.seq })
    return 'applied'
  }

  private fold(stream: string, { type, data }: StreamEvent['change']): void {
    const rows = this.rows.get(stream) ?? new Map<string, Json>()
    this.rows.set(stream, rows)
    if (type === 'quote.removed') rows.delete(`quote ${String(data['id'])}`)
    else if (type === 'quote.added') rows.set(`quote ${String((data['quote'] as Json)['id'])}`, data)
    else if (type === 'quote.changed') {
      const quote = data['quote'] as Json
      const key = `quote ${String(quote['id'])}`
      const history = (rows.get(key)?.['history'] as Json[] | undefined) ?? []
      rows.set(key, { quote, history: [...history, data['entry'] as Json] })
    } else rows.set(`${type.split('.')[0]} ${String(data['id'])}`, data)
  }

  quote(stream: string, id: string): { quote: Json; history: Json[] } | null {
    return (this.rows.get(stream)?.get(`quote ${id}`) as { quote: Json; history: Json[] } | undefined) ?? null
  }

  /** Sends edits in order under the next numbers. @returns the results */
  async mutate(...edits: Json[]): Promise<Json[]> {
    const mutations = edits.map((edit) => ({ ...edit, mutation_id: this.nextMutation++ }))
    const answer = await this.send(mutations)
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    return answer.body['results'] as Json[]
  }

  send(mutations: Json[], clientId = this.clientId): Promise<Answer> {
    return this.call('/sync/mutations', { json: { client_id: clientId, mutations } })
  }

  close(): void {
    this.socket?.disconnect()
  }
}
