import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react'
import { useDesk } from '../app/desk-context.tsx'
import { movedIndex } from './moved-index.ts'
import { rowHeightPx } from './quote-row.tsx'
import { indexOf, rowAt } from './row-window.ts'

/** An open pane follows the arrow keys once they rest this long, so that holding one down reads nothing needlessly. */
const followAfterMs = 80

/** The row under the keyboard: moves by keys, stays on its quote when live changes move that. */
export function useActiveRow(rowCount: number, scrollTo: (index: number) => void) {
  const { list, page, ui, timers } = useDesk()
  const activeId = useRef<string | null>(null)
  const cancelFollow = useRef(() => {})

  const setActive = useCallback(
    (index: number) => {
      activeId.current = rowAt(list.store.getState().window, index)?.id ?? null
      ui.setState({ activeIndex: index })
    },
    [list, ui],
  )

  useEffect(() => {
    setActive(0)
    return list.store.subscribe((state, before) => {
      if (state.answered !== before.answered) {
        setActive(0)
      } else if (state.window !== before.window) {
        const index = Math.min(ui.getState().activeIndex, Math.max(0, (state.window.total ?? 1) - 1))
        const moved = activeId.current === null ? null : indexOf(state.window, activeId.current)
        setActive(moved ?? index)
      }
    })
  }, [list, ui, setActive])

  const open = (index: number) => {
    const row = rowAt(list.store.getState().window, index)
    if (row) void page.open(row.id)
    return row !== undefined
  }

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    // Keys on the buttons of the head are theirs.
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return
    const { activeIndex } = ui.getState()
    if (event.key === 'Enter') {
      event.preventDefault()
      if (open(activeIndex)) ui.setState({ focusPage: true })
      return
    }
    const rowsInSight = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeightPx) - 2)
    const next = movedIndex(event.key, activeIndex, rowCount, rowsInSight)
    if (next === null) return
    event.preventDefault()
    setActive(next)
    scrollTo(next)
    cancelFollow.current()
    if (page.store.getState().id !== null) cancelFollow.current = timers.after(followAfterMs, () => open(next))
  }

  return { onKeyDown, setActive }
}
