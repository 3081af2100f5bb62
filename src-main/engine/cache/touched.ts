/** Beyond this many quotes a view reads again anyway; naming them all would only cost memory. */
const namedQuotes = 500

/** What a transaction changed. `quotes` is null when too many to name. */
export interface Touched {
  quote: (id: string) => void
  directory: () => void
  outbox: () => void
  alerts: () => void
  /** Something of alerts came from the server. */
  shared: () => void
  /** The person's settings or the workspace's policy, confirmed or waiting. */
  settings: () => void
  /** Cursors moved, though perhaps no row did. */
  streams: () => void
}

export interface CommittedTouch {
  quotes: ReadonlySet<string> | null
  directory: boolean
  outbox: boolean
  alerts: boolean
  shared: boolean
  settings: boolean
  streams: boolean
}

export function createTouched(): { touched: Touched; result: () => CommittedTouch } {
  const ids = new Set<string>()
  let tooMany = false
  const seen = { directory: false, outbox: false, alerts: false, shared: false, settings: false, streams: false }
  return {
    touched: {
      quote: (id) => {
        if (tooMany) return
        ids.add(id)
        if (ids.size > namedQuotes) tooMany = true
      },
      directory: () => void (seen.directory = true),
      outbox: () => void (seen.outbox = true),
      alerts: () => void (seen.alerts = true),
      shared: () => void (seen.shared = true),
      settings: () => void (seen.settings = true),
      streams: () => void (seen.streams = true),
    },
    result: () => ({ quotes: tooMany ? null : ids, ...seen }),
  }
}

/** Whether rows of quotes changed at all. */
export const touchesQuotes = (touch: CommittedTouch): boolean => touch.quotes === null || touch.quotes.size > 0
