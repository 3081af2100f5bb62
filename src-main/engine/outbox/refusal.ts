/** A wish of the person that cannot be fulfilled; the message says why and what can. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** What the wish is about is not on this machine (any more); the message is for the person. */
export class NotHereError extends Error {
  override name = 'NotHereError'
}

export const noSuchQuote = () =>
  new NotHereError('This quote is not here (any more): it was removed, or you may no longer see it.')
export const noSuchChange = () => new NotHereError('This change is not waiting any more.')
