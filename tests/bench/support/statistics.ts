/** The value below which `share` (0–1) of the samples lie. Sorts a copy; NaN for none. */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN
  const sorted = Float64Array.from(samples).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

/** Three significant digits are all that a run on a shared machine can claim. */
export function round(value: number): number {
  return Number(value.toPrecision(3))
}
