/** What a key press asks for. */
export type Shortcut =
  | 'palette'
  | 'search'
  | 'status'
  | 'sheet'
  | 'back'
  | 'new'
  | 'edit'
  | 'reassign'
  | 'note'
  | 'undo'
  | 'save'
  /** The first of two keys: where to comes next. */
  | 'go'
  | 'go_alerts'
  | 'go_quotes'
  | 'go_my_day'
  | 'go_settings'

const letters: Readonly<Record<string, Shortcut>> = {
  s: 'status',
  n: 'new',
  e: 'edit',
  a: 'reassign',
  m: 'note',
  g: 'go',
}
const places: Readonly<Record<string, Shortcut>> = {
  a: 'go_alerts',
  q: 'go_quotes',
  d: 'go_my_day',
  s: 'go_settings',
}

export interface KeyPress {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  /** The person is typing text. */
  inField: boolean
  /** A dialog, menu or popover is open: it has its own keys. */
  inOverlay: boolean
}

/** Which shortcut a key press is; `going`: G came before. Single keys only where nobody types and only if the person wants them. */
export function shortcutOf(press: KeyPress, singleKeys: boolean, going = false): Shortcut | null {
  const { key, ctrlKey, metaKey, altKey, inField, inOverlay } = press
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') return 'palette'
  if (altKey || inField || inOverlay) return null
  if (ctrlKey || metaKey) return key === 'z' ? 'undo' : key === 'Enter' ? 'save' : null
  if (key === 'Escape') return 'back'
  if (!singleKeys) return null
  if (key === '/') return 'search'
  if (key === '?') return 'sheet'
  if (going) return places[key.toLowerCase()] ?? null
  return letters[key.toLowerCase()] ?? null
}

export interface SheetLine {
  keys: readonly string[]
  words: string
}

export const sheet: readonly SheetLine[] = [
  { keys: ['↑', '↓'], words: 'Move through the list' },
  { keys: ['Home', 'End'], words: 'First and last quote' },
  { keys: ['Page up', 'Page down'], words: 'A screen at a time' },
  { keys: ['Enter'], words: 'Open the quote' },
  { keys: ['N'], words: 'New quote' },
  { keys: ['E'], words: 'Edit it' },
  { keys: ['S'], words: 'Change its status' },
  { keys: ['A'], words: 'Reassign it' },
  { keys: ['M'], words: 'Add a note' },
  { keys: ['Ctrl Enter', '⌘ Enter'], words: 'Save what is typed' },
  { keys: ['Ctrl Z', '⌘ Z'], words: 'Undo the last change' },
  { keys: ['G', 'A'], words: 'Go to alerts; G Q quotes, G D my day, G S settings' },
  { keys: ['A', 'R', 'Z', 'Del'], words: 'Alerts: acknowledge, resolve, snooze, dismiss' },
  { keys: ['/'], words: 'Search' },
  { keys: ['Ctrl K', '⌘ K'], words: 'All commands' },
  { keys: ['?'], words: 'This sheet' },
  { keys: ['Esc'], words: 'Back' },
]
