/* oxlint-disable jsx-a11y/prefer-tag-over-role, react/incompatible-library -- virtual rows are placed freely, which table elements forbid; no React compiler here */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, useCallback, useDeferredValue, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { QuoteRow as Row } from '../../domain/rpc/quotes.ts'
import { useDesk, useServerNowMs, useUi } from '../app/desk-context.tsx'
import { focusOn, focusTargets } from '../app/focus.ts'
import { useWidth } from '../app/use-width.ts'
import { columnsFor } from './columns.ts'
import { GridHead } from './grid-head.tsx'
import { QuoteRow, rowElementId, rowHeightPx } from './quote-row.tsx'
import { rowAt } from './row-window.ts'
import { useActiveRow } from './use-active-row.ts'

/** Rows drawn beyond the edges, and rows fetched beyond them. */
const overscan = 8
const readAhead = 30
const tintIsOverAfterMs = 600

/** The list of quotes: a grid of any length of which only what is in sight exists. */
export function QuoteGrid({ rowCount }: { rowCount: number }) {
  const { list, page, timers, timeZone } = useDesk()
  const scroller = useRef<HTMLDivElement>(null)
  const nowMs = useServerNowMs()
  // Input comes first: data may be drawn a moment later.
  const window = useDeferredValue(useStore(list.store, (state) => state.window))
  const changed = useDeferredValue(useStore(list.store, (state) => state.changed))
  const loading = useStore(list.store, (state) => state.loading)
  const openId = useStore(page.store, (state) => state.id)
  const columns = columnsFor(useWidth(scroller))
  const virtual = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan,
    paddingStart: rowHeightPx,
    scrollPaddingStart: rowHeightPx,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    void list.look({ first: Math.max(0, first - readAhead), last: last + readAhead })
  }, [list, first, last])

  // Arrow keys work without a click, unless the person is somewhere already.
  useEffect(() => {
    if (document.activeElement === document.body) focusOn('grid')
  }, [])

  const activeIndex = useUi((ui) => ui.activeIndex)
  const { onKeyDown, setActive } = useActiveRow(rowCount, (index) => virtual.scrollToIndex(index))
  const answered = useStore(list.store, (state) => state.answered)
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [answered])

  const onOpen = useCallback(
    (index: number, row: Row) => {
      setActive(index)
      void page.open(row.id)
      focusOn('grid')
    },
    [page, setActive],
  )

  const tracks = { '--tracks': columns.map(({ track }) => track).join(' ') } as CSSProperties
  const tinted = timers.nowMs() - changed.atMs < tintIsOverAfterMs
  return (
    <div
      ref={scroller}
      id={focusTargets.grid}
      role="grid"
      className="quote-grid"
      style={tracks}
      tabIndex={0}
      aria-label="Quotes"
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-busy={loading}
      aria-activedescendant={rowCount > 0 ? rowElementId(activeIndex) : undefined}
      data-loading={loading}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="grid-rows" style={{ height: virtual.getTotalSize() }}>
        <GridHead columns={columns} />
        {items.map(({ index, start }) => {
          const row = rowAt(window, index)
          return (
            <QuoteRow
              key={index}
              row={row}
              index={index}
              topPx={start}
              columns={columns}
              active={index === activeIndex}
              open={row !== undefined && row.id === openId}
              changedAtMs={tinted && row !== undefined && changed.ids.has(row.id) ? changed.atMs : 0}
              nowMs={nowMs}
              timeZone={timeZone}
              onOpen={onOpen}
            />
          )
        })}
      </div>
    </div>
  )
}
