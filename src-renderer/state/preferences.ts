import { createStore, type StoreApi } from 'zustand/vanilla'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** What a person set on this machine. Without single-key shortcuts only ⌘K and Esc are taken (WCAG 2.1.4). */
export interface Preferences {
  theme: Theme
  singleKeys: boolean
}

const key = 'quotedesk.preferences'
const defaults: Preferences = { theme: 'system', singleKeys: true }

/** Anything unreadable counts as never set. */
export function readPreferences(text: string | null): Preferences {
  if (text === null) return defaults
  let stored: unknown
  try {
    stored = JSON.parse(text)
  } catch {
    return defaults
  }
  if (typeof stored !== 'object' || stored === null) return defaults
  const theme = 'theme' in stored ? themes.find((candidate) => candidate === stored.theme) : undefined
  const singleKeys = 'singleKeys' in stored && typeof stored.singleKeys === 'boolean' ? stored.singleKeys : undefined
  return { theme: theme ?? defaults.theme, singleKeys: singleKeys ?? defaults.singleKeys }
}

export function createPreferences(storage: Pick<Storage, 'getItem' | 'setItem'>): StoreApi<Preferences> {
  const store = createStore<Preferences>(() => readPreferences(storage.getItem(key)))
  store.subscribe((preferences) => storage.setItem(key, JSON.stringify(preferences)))
  return store
}
