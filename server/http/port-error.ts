/** The port cannot be listened on; the message says what to do. */
export class PortError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PortError'
  }
}
