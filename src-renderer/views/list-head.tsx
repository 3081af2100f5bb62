import { TextField } from '@radix-ui/themes'
import { Search, X } from 'lucide-react'
import { useStore } from 'zustand'
import { useData, useDesk, useLasting } from '../app/desk-context.tsx'
import { focusOn, focusTargets } from '../app/focus.ts'
import { soonDays } from '../state/view.ts'
import { countWords, numberWords } from '../words/money.ts'
import { FilterMenu } from './filter-menu.tsx'
import { NewQuoteButton } from './new-quote-button.tsx'
import { presets } from './presets.ts'
import { SyncChip } from './sync-chip.tsx'

/** Title, count, filters, search, connection. */
export function ListHead() {
  return (
    <header className="list-head">
      <Title />
      <FilterMenu />
      <SearchField />
      <NewQuoteButton />
      <SyncChip />
    </header>
  )
}

function Title() {
  const { view, list } = useDesk()
  const where = useStore(view.store, (state) => state.where)
  const filter = useStore(view.store, (state) => state.filter)
  const total = useStore(list.store, (state) => state.total)
  const slow = useLasting(
    useStore(list.store, (state) => state.loading),
    300,
  )
  const preset = presets.find(
    ({ filter: { statuses = [], outcomes = [], incomplete = null } }) =>
      JSON.stringify([filter.statuses, filter.outcomes, filter.incomplete]) ===
      JSON.stringify([statuses, outcomes, incomplete]),
  )
  const title = where === 'my_day' ? 'My day' : (preset?.name ?? 'Quotes')
  return (
    <div className="title">
      <h1>{title}</h1>
      <output className="count">
        <span aria-hidden="true">{slow ? 'Loading…' : total === null ? '' : numberWords(total)}</span>
        <span className="sr-only">{slow ? 'Loading' : total === null ? '' : countWords(total, 'quote')}</span>
      </output>
    </div>
  )
}

/** My day has two sides: what is about to run out and what has. */
export function MyDayTabs() {
  const { view } = useDesk()
  const where = useStore(view.store, (state) => state.where)
  const tab = useStore(view.store, (state) => state.tab)
  const myDay = useData((data) => data.myDay)
  if (where !== 'my_day') return null
  const sides = [
    { name: 'expiring', words: `Expiring in ${soonDays} days` },
    { name: 'expired', words: 'Expired' },
  ] as const
  return (
    <fieldset className="my-day-tabs" aria-label="My day">
      {sides.map(({ name, words }) => (
        <button key={name} type="button" aria-pressed={tab === name} onClick={() => view.goMyDay(name)}>
          {words} {myDay !== null && <span className="count">{numberWords(myDay[name])}</span>}
        </button>
      ))}
    </fieldset>
  )
}

function SearchField() {
  const { view } = useDesk()
  const text = useStore(view.store, (state) => state.filter.text)
  return (
    <TextField.Root
      id={focusTargets.search}
      className="search"
      size="1"
      type="search"
      placeholder="Search"
      aria-label="Search quotes"
      aria-keyshortcuts="/"
      value={text}
      maxLength={200}
      onChange={(event) => view.narrow({ text: event.target.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'Enter') return
        event.preventDefault()
        event.stopPropagation()
        if (event.key === 'Escape' && text !== '') view.narrow({ text: '' })
        else focusOn('grid')
      }}
    >
      <TextField.Slot>
        <Search size={14} aria-hidden="true" />
      </TextField.Slot>
      <TextField.Slot>
        {text === '' ? (
          <kbd className="key" aria-hidden="true">
            /
          </kbd>
        ) : (
          <button
            type="button"
            className="icon-button"
            aria-label="Clear search"
            onClick={() => view.narrow({ text: '' })}
          >
            <X size={13} aria-hidden="true" />
          </button>
        )}
      </TextField.Slot>
    </TextField.Root>
  )
}
