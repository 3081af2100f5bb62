export type WatchStart<Value> = (options: { signal: AbortSignal }) => Promise<AsyncIterable<Value>>

/**
 * Hands on every value of a watch until it ends or `signal` aborts. A watch that fails while the connection stands is
 * a fault of ours and is thrown; one that ends because the connection went is not.
 */
export async function follow<Value>(
  watch: WatchStart<Value>,
  signal: AbortSignal,
  take: (value: Value) => void,
): Promise<void> {
  try {
    for await (const value of await watch({ signal })) {
      if (signal.aborted) return
      take(value)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
