import { Button } from '@radix-ui/themes'
import { useRef } from 'react'
import { useStore } from 'zustand'
import { useData, useDesk } from '../app/desk-context.tsx'
import { usePointerOver } from '../app/use-pointer-over.ts'
import { QuoteGrid } from '../list/quote-grid.tsx'
import { Empty } from '../parts/empty.tsx'
import { Progress } from '../parts/progress.tsx'
import { isFiltered, soonDays } from '../state/view.ts'
import { progressWords } from '../words/connection.ts'
import { countWords } from '../words/money.ts'

/** Skeleton rows while nothing is known of the length of the list. */
const skeletonRows = 40

/** The list in all its states: on the way, empty, failed, shown; with what is held back while the pointer is over it. */
export function QuoteListView() {
  const { list } = useDesk()
  const known = useStore(list.store, (state) => state.window.total)
  const problem = useStore(list.store, (state) => state.problem)
  const area = useRef<HTMLDivElement>(null)
  usePointerOver(area, list.pointerOver)
  return (
    <div ref={area} className="list-area">
      {problem !== null && <ListProblem problem={problem} />}
      <HeldChanges />
      {known === 0 ? <NothingHere /> : <QuoteGrid rowCount={known ?? (problem === null ? skeletonRows : 0)} />}
    </div>
  )
}

function ListProblem({ problem }: { problem: string }) {
  const { list } = useDesk()
  return (
    <p className="banner list-problem" role="alert">
      <span>The list could not be read: {problem} What is shown may be old; nothing is lost.</span>
      <Button size="1" variant="soft" color="gray" onClick={() => void list.askAgain()}>
        Try again
      </Button>
    </p>
  )
}

function HeldChanges() {
  const { list } = useDesk()
  const held = useStore(list.store, (state) => state.held)
  return (
    <output className="held">
      {held > 0 && (
        <Button size="1" radius="full" onClick={() => void list.applyHeld()}>
          {countWords(held, 'change')}
        </Button>
      )}
    </output>
  )
}

function NothingHere() {
  const { view } = useDesk()
  const { where, tab, filter } = useStore(view.store)
  const session = useData((data) => data.session)
  const status = useData((data) => data.status)
  if (isFiltered(filter)) {
    return (
      <Empty
        title="No quote matches"
        announce="politely"
        action={
          <Button size="2" variant="soft" onClick={view.clearFilter}>
            Clear filters
          </Button>
        }
      >
        No quote that you may see fits all the filters at once.
      </Empty>
    )
  }
  if (where === 'my_day') {
    return (
      <Empty
        title={tab === 'expiring' ? `Nothing of yours runs out in ${soonDays} days` : 'None of your quotes has expired'}
        announce="politely"
        action={
          <Button size="2" variant="soft" onClick={() => view.goQuotes()}>
            Show all quotes
          </Button>
        }
      >
        My day lists your own open quotes that need a call before they expire, or because they have.
      </Empty>
    )
  }
  if (status?.connection.state === 'catching_up') return <FirstFetch {...status.connection} />
  if (status?.last_synced_at === null) {
    return (
      <Empty title="Your quotes are not on this machine yet" announce="politely">
        They come as soon as QuoteDesk reaches {session?.server_url ?? 'the server'}, and stay here for when you are
        offline.
      </Empty>
    )
  }
  return (
    <Empty title="No quotes yet" announce="politely">
      All quotes of your teams will be listed here, live. Ask whoever runs your server to import the existing ones.
    </Empty>
  )
}

function FirstFetch({ done, total }: { done: number; total: number }) {
  return (
    <Empty
      title="Fetching your quotes"
      announce="politely"
      action={<Progress label="Fetching your quotes" done={done} total={total} />}
    >
      {progressWords({ done, total })}. They stay on this machine, so this happens only once.
    </Empty>
  )
}
