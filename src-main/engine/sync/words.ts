/** Words for a person. What we did not foresee is named as it is: it belongs into a report. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The server cannot be reached.'
  // fetch says "fetch failed" for every way in which a server is away.
  if (error.name === 'TypeError' && error.message === 'fetch failed') return 'The server cannot be reached.'
  return error.message
}
