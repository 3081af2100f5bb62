import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The subprotocol that both sides agree on; the other one offered is the token. */
export const engineSubprotocol = 'quotedesk'

export const createToken = (): string => randomBytes(32).toString('base64url')

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Hashing first makes both sides equally long: neither content nor length can be timed. */
function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

/**
 * Who may talk to a server on loopback. Every page in every browser of this machine can reach it:
 * - `Host` must be ours, or a foreign name that was rebound to 127.0.0.1 reads the page (DNS rebinding);
 * - `Origin` must be ours, or any web page opens our WebSocket;
 * - the token must be ours, or any other program of this machine does.
 */
export class LoopbackGuard {
  private readonly host: string
  private readonly token: string

  constructor(port: number, token: string) {
    this.host = `127.0.0.1:${port}`
    this.token = token
  }

  get origin(): string {
    return `http://${this.host}`
  }

  hostIsOurs(request: IncomingMessage): boolean {
    return request.headers.host === this.host
  }

  /** A page load carries no Origin; what carries one comes from a script and has to be ours. */
  originIsOurs(request: IncomingMessage, required: boolean): boolean {
    const { origin } = request.headers
    return origin === undefined ? !required : origin === this.origin
  }

  /** Browsers cannot set headers on a WebSocket: the token comes as the second of two subprotocols. */
  tokenIsOurs(request: IncomingMessage): boolean {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    const [protocol, token] = offered
    return (
      offered.length === 2 && protocol === engineSubprotocol && token !== undefined && sameSecret(token, this.token)
    )
  }
}
