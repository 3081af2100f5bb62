/** Hollow: waits to be sent. Red and solid: refused. */
export function ChangeDot({ kind }: { kind: 'waiting' | 'refused' }) {
  const words =
    kind === 'waiting' ? 'Your change waits to be sent' : 'Your change was refused: open the quote to see why'
  return (
    <span className="change-dot" data-kind={kind} title={words}>
      <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
        <circle cx="4" cy="4" r="3" />
      </svg>
      <span className="sr-only">{words}</span>
    </span>
  )
}
