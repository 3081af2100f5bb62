import type { Beat, Ended, Handshake, HandshakeRefusal, RenewReply, Welcome } from '../../../domain/wire/socket.ts'

/** What a connection tells; nothing after `closed`. Events are as they came: whoever takes them judges them. */
export interface LinkListener {
  welcome: (welcome: Welcome) => void
  event: (event: unknown) => void
  beat: (beat: Beat) => void
  ended: (ended: Ended) => void
  refused: (refusal: HandshakeRefusal) => void
  closed: (reason: string) => void
}

export interface Link {
  /** @returns the server's time; rejects when there is no answer within the bound */
  askTime: () => Promise<number>
  /** Presents a fresh access token; rejects when there is no answer within the bound. */
  renew: (token: string) => Promise<RenewReply>
  close: () => void
}

/** Opens a connection; tests put another one in. */
export type OpenLink = (serverUrl: string, handshake: Handshake, listener: LinkListener) => Link
