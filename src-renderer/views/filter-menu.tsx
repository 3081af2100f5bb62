import { Button, Popover } from '@radix-ui/themes'
import { ChevronLeft, ChevronRight, ListFilter, X } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { useDesk, useDirectory, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { isFiltered } from '../state/view.ts'
import { activeDimensions, clearing, type Dimension, dimensionNames, dimensions, type Names } from '../words/filters.ts'
import { FilterEditor } from './filter-editor.tsx'

function useNames(): Names {
  const directory = useDirectory()
  const customers = useUi((ui) => ui.customerNames)
  return { directory, customers }
}

/** Dimensions that the present view sets by itself. */
const setByMyDay: ReadonlySet<Dimension> = new Set(['owner', 'expiring', 'expired'])

/** "Filter": what to narrow by, then how. */
export function FilterMenu() {
  const { ui, view } = useDesk()
  const editor = useUi((state) => state.filterEditor)
  const focus = useDialogFocus()
  const where = useStore(view.store, (state) => state.where)
  const offered = dimensions.filter((dimension) => where === 'quotes' || !setByMyDay.has(dimension))
  return (
    <Popover.Root open={editor !== null} onOpenChange={(open) => ui.setState({ filterEditor: open ? 'menu' : null })}>
      <Popover.Trigger>
        <Button size="1" variant="ghost" color="gray" highContrast className="filter-button">
          <ListFilter size={14} aria-hidden="true" />
          Filter
        </Button>
      </Popover.Trigger>
      <Popover.Content className="filter-popover" size="1" align="start" aria-label="Filter" {...focus}>
        {editor === null || editor === 'menu' ? (
          <ul className="filter-choices" aria-label="Filter by">
            {offered.map((dimension) => (
              <li key={dimension}>
                <button type="button" onClick={() => ui.setState({ filterEditor: dimension })}>
                  {dimensionNames[dimension]}
                  <ChevronRight size={13} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <>
            <button type="button" className="filter-back" onClick={() => ui.setState({ filterEditor: 'menu' })}>
              <ChevronLeft size={13} aria-hidden="true" />
              All filters
            </button>
            <FilterEditor dimension={editor} onDone={() => ui.setState({ filterEditor: null })} />
          </>
        )}
      </Popover.Content>
    </Popover.Root>
  )
}

/** What restricts the list, one chip each: press to change, × to take it off. */
export function FilterChips() {
  const { view } = useDesk()
  const filter = useStore(view.store, (state) => state.filter)
  const active = activeDimensions(filter, useNames())
  if (!isFiltered(filter)) return null
  return (
    <fieldset className="filter-chips" aria-label="Filters in use">
      {active.map(({ dimension, words }) => (
        <FilterChip key={dimension} dimension={dimension} words={words} />
      ))}
      {filter.text !== '' && (
        <span className="chip">
          <span className="chip-text">Search: {filter.text}</span>
          <button type="button" aria-label="Remove filter: search" onClick={() => view.narrow({ text: '' })}>
            <X size={12} aria-hidden="true" />
          </button>
        </span>
      )}
      <button type="button" className="link clear-filters" onClick={view.clearFilter}>
        Clear filters
      </button>
    </fieldset>
  )
}

function FilterChip({ dimension, words }: { dimension: Dimension; words: string }) {
  const { view } = useDesk()
  const [open, setOpen] = useState(false)
  const name = dimensionNames[dimension]
  return (
    <span className="chip">
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger>
          <button type="button" className="chip-text">
            {name}: {words}
          </button>
        </Popover.Trigger>
        <Popover.Content className="filter-popover" size="1" align="start" aria-label={`Filter: ${name}`}>
          <FilterEditor dimension={dimension} onDone={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Root>
      <button type="button" aria-label={`Remove filter: ${name}`} onClick={() => view.narrow(clearing[dimension])}>
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  )
}
