/**
 * A two-way pipe for JSON-pure messages between processes. Hosts differ in what is behind it (MessagePort, WebSocket,
 * child process); one contract suite holds them all to this:
 * messages arrive once, in order, none before `onMessage` is set; `onClose` fires once, also when the other side dies;
 * `post` after close does nothing.
 */
export interface Port {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}
