const firstMs = 500
const longestMs = 30_000

/**
 * Full jitter: anything up to a bound that doubles with each failure in a row. A server that comes back is not met by
 * all of its clients at once.
 * @param random uniform in [0, 1)
 */
export function backoffMs(failuresInARow: number, random: () => number): number {
  const bound = Math.min(longestMs, firstMs * 2 ** Math.max(0, failuresInARow - 1))
  return Math.round(random() * bound)
}

/** From this many failures in a row on, the server is taken to be in trouble rather than away for a moment. */
export const failuresToOpen = 5
const openMs = { first: 10_000, longest: 60_000 }

/**
 * How long to wait before the next attempt to connect: a circuit breaker.
 *
 *     closed ─5 failures in a row→ open ─pause over→ one attempt ─live→ closed
 *                                    ↑──────────fails, longer──────┘
 *
 * While it is open at least half of the bound is waited, so that a server in trouble gets time of its own.
 * @param retryAfterMs what the server asked for, null when it did not say; spread, for it told many the same. 0 is at once
 */
export function pauseMs(failuresInARow: number, retryAfterMs: number | null, random: () => number): number {
  if (retryAfterMs === 0) return 0
  if (retryAfterMs !== null) return retryAfterMs + backoffMs(failuresInARow, random)
  if (failuresInARow < failuresToOpen) return backoffMs(failuresInARow, random)
  const bound = Math.min(openMs.longest, openMs.first * 2 ** (failuresInARow - failuresToOpen))
  return Math.round((bound * (1 + random())) / 2)
}
