import { useRef } from 'react'
import { useDesk } from './desk-context.tsx'
import { focusOn } from './focus.ts'

/**
 * Handlers for a dialog that is opened from anywhere: when it closes, the focus goes back to where it was, or, if that
 * is gone, to the open quote or the list. Whoever took the focus meanwhile keeps it.
 */
export function useDialogFocus() {
  const { page, ui } = useDesk()
  const before = useRef<Element | null>(null)
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      if (document.activeElement !== document.body) return
      const previous = before.current
      if (previous instanceof HTMLElement && previous !== document.body && previous.isConnected) previous.focus()
      else if (page.store.getState().id !== null) ui.setState({ focusPage: true })
      else focusOn('grid')
    },
  }
}
