import { markAllRead } from '../app/alert-commands.ts'
import { focusOn } from '../app/focus.ts'
import { newQuote, undoLast, wishFor } from '../app/quote-commands.ts'
import { openStatusMenu } from '../app/use-shortcuts.ts'
import { columnNames, nextSort } from '../list/columns.ts'
import type { Desk } from '../state/desk.ts'
import { themes } from '../state/preferences.ts'
import { newestFirst } from '../state/view.ts'
import { dimensionNames, dimensions } from '../words/filters.ts'
import { presets } from './presets.ts'

export interface PaletteCommand {
  name: string
  keys?: string
  run: () => void
}

interface PaletteGroup {
  heading: string
  commands: PaletteCommand[]
}

/** All that the window can do, in the order one most likely wants it. */
export function paletteCommands(desk: Desk, personId: string): PaletteGroup[] {
  const { view, ui, preferences } = desk
  return [
    {
      heading: 'Go to',
      commands: [
        { name: 'My day', run: () => view.goMyDay() },
        { name: 'Quotes', run: () => view.goQuotes() },
        { name: 'Alerts', keys: 'G A', run: () => view.goAlerts() },
        { name: 'My quotes', run: () => view.goQuotes({ owner_ids: [personId] }, newestFirst) },
        ...presets.map(({ name, filter, sort }) => ({ name, run: () => view.goQuotes(filter, sort) })),
      ],
    },
    {
      heading: 'Do',
      commands: [
        { name: 'New quote', keys: 'N', run: () => newQuote(desk) },
        { name: 'Edit quote', keys: 'E', run: () => wishFor(desk, 'edit') },
        { name: 'Change status', keys: 'S', run: () => openStatusMenu(desk) },
        { name: 'Reassign quote', keys: 'A', run: () => wishFor(desk, 'reassign') },
        { name: 'Add note', keys: 'M', run: () => wishFor(desk, 'note') },
        { name: 'Undo last change', keys: 'Ctrl Z', run: () => undoLast(desk) },
        { name: 'Search', keys: '/', run: () => focusOn('search') },
        { name: 'Clear filters', run: view.clearFilter },
        { name: 'Mark all alerts read', run: () => void markAllRead(desk) },
        { name: 'Alerts & working hours', keys: 'G S', run: () => view.goSettings('hours') },
        { name: 'What I am told of', run: () => view.goSettings('rules') },
        { name: 'Alert diagnostics', run: () => view.goSettings('diagnostics') },
        { name: 'Show sync', run: () => ui.setState({ sync: true }) },
        { name: 'Show what was refused', run: () => showRefused(desk) },
        { name: 'Sync details, verify, repair', run: () => ui.setState({ syncDetails: true }) },
        { name: 'Keyboard shortcuts', keys: '?', run: () => ui.setState({ shortcuts: true }) },
        { name: 'Sign out', run: () => ui.setState({ signingOut: true }) },
      ],
    },
    {
      heading: 'Filter by',
      commands: dimensions.map((dimension) => ({
        name: dimensionNames[dimension],
        run: () => ui.setState({ filterEditor: dimension }),
      })),
    },
    {
      heading: 'Sort by',
      commands: columnNames.map(({ column, name }) => ({
        name,
        run: () => view.sortBy(nextSort(view.store.getState().sort, column)),
      })),
    },
    {
      heading: 'Theme',
      commands: themes.map((theme) => ({
        name: theme === 'system' ? 'As the system' : theme === 'light' ? 'Light' : 'Dark',
        run: () => preferences.setState({ theme }),
      })),
    },
  ]
}

/** The conflict to decide when there is just one, else the list. */
function showRefused({ data, ui }: Desk) {
  const refused = data.getState().outbox.filter(({ state }) => state.kind === 'refused')
  const [only, ...more] = refused
  if (only?.state.kind === 'refused' && only.state.conflicts.length > 0 && more.length === 0) {
    ui.setState({ resolving: only.entry })
  } else ui.setState({ sync: true })
}
