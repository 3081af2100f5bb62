import type { HistoryEntry } from '../../domain/quote.ts'

/** What an entry's amounts are in. */
export interface Currencies {
  before: string
  after: string
}

/**
 * Amounts in the history carry no currency of their own: it is what the quote's was at that time, found by going back
 * from the present one.
 */
export function currenciesByVersion(
  newestFirst: ReadonlyArray<Pick<HistoryEntry, 'version' | 'before'>>,
  present: string,
): Map<number, Currencies> {
  const found = new Map<number, Currencies>()
  let after = present
  for (const { version, before } of newestFirst) {
    const was = before?.currency ?? after
    found.set(version, { before: was, after })
    after = was
  }
  return found
}
