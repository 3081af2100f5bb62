/** Places that the keyboard returns to, by element id. */
export const focusTargets = { grid: 'quote-grid', search: 'quote-search' } as const

export function focusOn(target: keyof typeof focusTargets): void {
  document.getElementById(focusTargets[target])?.focus()
}
