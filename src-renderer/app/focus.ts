/** Places that the keyboard returns to, by element id. */
export const focusTargets = {
  grid: 'quote-grid',
  search: 'quote-search',
  alerts: 'alert-list',
  settings: 'settings-page',
} as const

/** `grid`: what stands in the place of the list just now. */
export function focusOn(target: keyof typeof focusTargets): void {
  const found = target === 'grid' ? (['grid', 'alerts', 'settings'] as const) : [target]
  for (const name of found) {
    const element = document.getElementById(focusTargets[name])
    if (element === null) continue
    element.focus()
    return
  }
}

/**
 * A message gives the focus back to where it was before as soon as it loses it, even when a dialog has just taken it.
 * What opens something from a message's button lets it do so first.
 */
export function leaveMessage(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}
