/** Whether a person looks at this window, by parameter: pages tell it by events, tests as they like. */
export interface Attention {
  isHere: () => boolean
  /** @returns ends it */
  onChange: (changed: () => void) => () => void
}

export function pageAttention(page: Window): Attention {
  const { document } = page
  return {
    isHere: () => document.visibilityState === 'visible' && document.hasFocus(),
    onChange: (changed) => {
      page.addEventListener('focus', changed)
      page.addEventListener('blur', changed)
      document.addEventListener('visibilitychange', changed)
      return () => {
        page.removeEventListener('focus', changed)
        page.removeEventListener('blur', changed)
        document.removeEventListener('visibilitychange', changed)
      }
    },
  }
}
