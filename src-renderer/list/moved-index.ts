/** Where an arrow, paging, home or end key leads; null for any other key. */
export function movedIndex(key: string, index: number, rowCount: number, rowsInSight: number): number | null {
  const last = Math.max(0, rowCount - 1)
  const clamp = (next: number) => Math.min(last, Math.max(0, next))
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1)
    case 'ArrowUp':
      return clamp(index - 1)
    case 'PageDown':
      return clamp(index + rowsInSight)
    case 'PageUp':
      return clamp(index - rowsInSight)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
