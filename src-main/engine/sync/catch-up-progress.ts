/** What one catching up, of one stream, tells while it goes on. */
export interface CatchUpProgress {
  /** `total` rows of a snapshot are about to come. */
  snapshotBegins: (total: number) => void
  rows: (count: number) => void
  /** A page of a snapshot is here to stay, also when the link is lost now. */
  pageKept: () => void
  events: (count: number) => void
}
