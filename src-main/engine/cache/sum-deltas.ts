interface Summed {
  status: string
  currency: string
  value_minor: number
}

/** Changes to the sums by status and currency, gathered in memory: one write a sum and transaction, not one a quote. */
export interface SumDeltas {
  add: (quote: Summed) => void
  remove: (quote: Summed) => void
}

export function createSumDeltas(): {
  sums: SumDeltas
  flush: (run: (sql: string, ...values: (string | number)[]) => void) => void
} {
  const deltas = new Map<string, { status: string; currency: string; count: number; value: number }>()
  const change = ({ status, currency, value_minor }: Summed, sign: 1 | -1) => {
    const key = status + currency
    let delta = deltas.get(key)
    if (!delta) {
      delta = { status, currency, count: 0, value: 0 }
      deltas.set(key, delta)
    }
    delta.count += sign
    delta.value += sign * value_minor
  }
  return {
    sums: { add: (quote) => change(quote, 1), remove: (quote) => change(quote, -1) },
    flush: (run) => {
      for (const { status, currency, count, value } of deltas.values()) {
        run(
          `INSERT INTO sums VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET count = count + excluded.count, value_minor = value_minor + excluded.value_minor`,
          status,
          currency,
          count,
          value,
        )
      }
    },
  }
}
