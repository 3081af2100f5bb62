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
