import { useEffect } from 'react'
import { rowAt } from '../list/row-window.ts'
import type { Desk } from '../state/desk.ts'
import { useDesk } from './desk-context.tsx'
import { focusOn } from './focus.ts'
import { newQuote, undoLast, wishFor } from './quote-commands.ts'
import { type Shortcut, shortcutOf } from './shortcuts.ts'

const fields = 'input, textarea, select, [contenteditable="true"]'
/** What is closing already only plays its way out. */
const overlays =
  ':is([role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]):not([data-state="closed"])'

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
      )
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
export function openStatusMenu({ ui, page, list, form }: Desk) {
  if (form.store.getState().open !== null) {
    ui.setState({ focusForm: true })
    return
  }
  const row = rowAt(list.store.getState().window, ui.getState().activeIndex)
  if (page.store.getState().id === null) {
    if (row === undefined) return
    void page.open(row.id)
  }
  ui.setState({ statusMenu: true })
}
