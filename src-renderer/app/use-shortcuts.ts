import { useEffect } from 'react'
import type { Desk } from '../state/desk.ts'
import { useDesk } from './desk-context.tsx'
import { focusOn } from './focus.ts'
import { newQuote, quoteUnderKeyboard, undoLast, wishFor } from './quote-commands.ts'
import { type Shortcut, shortcutOf } from './shortcuts.ts'

const fields = 'input, textarea, select, [contenteditable="true"]'
/** What is closing already only plays its way out. */
const overlays =
  ':is([role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]):not([data-state="closed"])'

/** After G, the second key comes within this time. */
const goWithinMs = 1_500

/** Listens for the window's shortcuts. */
export function useShortcuts() {
  const desk = useDesk()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const target = event.target instanceof Element ? event.target : null
      const shortcut = shortcutOf(
        {
          key: event.key,
          ctrlKey: event.ctrlKey,
          metaKey: event.metaKey,
          altKey: event.altKey,
          inField: Boolean(target?.closest(fields)),
          inOverlay: document.querySelector(overlays) !== null,
        },
        desk.preferences.getState().singleKeys,
        desk.ui.getState().going,
      )
      if (shortcut !== 'go') desk.ui.setState({ going: false })
      if (shortcut === null) return
      event.preventDefault()
      run(desk, shortcut)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [desk])
}

function run(desk: Desk, shortcut: Shortcut) {
  const { ui, page, form } = desk
  switch (shortcut) {
    case 'palette':
      ui.setState(({ palette }) => ({ palette: !palette }))
      return
    case 'search':
      focusOn('search')
      return
    case 'sheet':
      ui.setState({ shortcuts: true })
      return
    case 'status':
      openStatusMenu(desk)
      return
    case 'go':
      ui.setState({ going: true })
      desk.timers.after(goWithinMs, () => ui.setState({ going: false }))
      return
    case 'go_alerts':
      desk.view.goAlerts()
      return
    case 'go_quotes':
      desk.view.goQuotes()
      return
    case 'go_my_day':
      desk.view.goMyDay()
      return
    case 'go_settings':
      desk.view.goSettings()
      return
    case 'new':
      newQuote(desk)
      return
    case 'edit':
    case 'reassign':
    case 'note':
      wishFor(desk, shortcut)
      return
    case 'undo':
      undoLast(desk)
      return
    case 'save':
      // Inside its fields the form hears this itself; here the focus is somewhere else.
      if (form.store.getState().open !== null)
        document.querySelector<HTMLFormElement>('form.quote-form')?.requestSubmit()
      return
    case 'back':
      if (form.store.getState().open !== null) {
        ui.setState({ leavingForm: true })
        return
      }
      if (page.store.getState().id !== null) page.close()
      focusOn('grid')
  }
}

/** The status menu of the open quote, else of the row under the keyboard, which opens for it. */
export function openStatusMenu(desk: Desk) {
  const { ui, page, form } = desk
  if (form.store.getState().open !== null) {
    ui.setState({ focusForm: true })
    return
  }
  if (page.store.getState().id === null) {
    const quote = quoteUnderKeyboard(desk)
    if (quote === null) return
    void page.open(quote)
  }
  ui.setState({ statusMenu: true })
}
