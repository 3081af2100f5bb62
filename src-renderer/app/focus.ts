/** Places that the keyboard returns to, by element id. */
export const focusTargets = { grid: 'quote-grid', search: 'quote-search' } as const

export function focusOn(target: keyof typeof focusTargets): void {
  document.getElementById(focusTargets[target])?.focus()
}

/**
 * A message gives the focus back to where it was before as soon as it loses it, even when a dialog has just taken it.
 * What opens something from a message's button lets it do so first.
 */
export function leaveMessage(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}
