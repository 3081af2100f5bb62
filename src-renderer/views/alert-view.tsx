import { Button } from '@radix-ui/themes'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useData, useDesk, useLasting, useServerNowMs } from '../app/desk-context.tsx'
import { Empty } from '../parts/empty.tsx'
import { isNarrowed } from '../state/alert-centre.ts'
import { nextReleaseWords } from '../words/alerts.ts'
import { AlertGrid } from './alert-grid.tsx'

/** All alerts of this person: what needs them, what waits, what was dealt with. */
export function AlertView() {
  const { centre } = useDesk()
  const { alerts, problem } = useStore(centre.store)
  const slow = useLasting(alerts === null && problem === null, 300)
  useEffect(() => {
    centre.open()
    return centre.close
  }, [centre])
  return (
    <div className="list-area">
      {problem !== null && (
        <p className="banner list-problem" role="alert">
          <span>Alerts could not be read: {problem} Nothing is lost.</span>
          <Button size="1" variant="soft" color="gray" onClick={() => void centre.again()}>
            Try again
          </Button>
        </p>
      )}
      {alerts === null && problem === null && <Skeleton slow={slow} />}
      {alerts !== null && (alerts.length === 0 ? <NothingHere /> : <AlertGrid alerts={alerts} />)}
    </div>
  )
}

function Skeleton({ slow }: { slow: boolean }) {
  return (
    <div className="alert-skeleton">
      {Array.from({ length: 12 }, (_, index) => (
        // Rows without anything in them have only their place.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={index} className="bone" />
      ))}
      <output>{slow ? 'Reading your alerts…' : ''}</output>
    </div>
  )
}

function NothingHere() {
  const { centre, view, timeZone } = useDesk()
  const filter = useStore(centre.store, (state) => state.filter)
  const counts = useData((data) => data.alertCounts)
  const nowMs = useServerNowMs()
  if (isNarrowed(filter)) {
    const clear = () => void centre.narrow({ unread: false, severities: [], kinds: [] })
    return (
      <Empty
        title="No alert matches"
        announce="politely"
        action={
          <Button size="2" variant="soft" onClick={clear}>
            Clear filters
          </Button>
        }
      >
        None of these alerts fits all the filters at once.
      </Empty>
    )
  }
  if (filter.state === 'waiting') {
    return (
      <Empty title="Nothing is held or snoozed" announce="politely">
        What comes true outside your working hours waits here until they begin, and what you snoozed until it comes
        again.
      </Empty>
    )
  }
  if (filter.state === 'history') {
    return (
      <Empty title="Nothing was dealt with yet" announce="politely">
        Alerts that you acknowledged, resolved or dismissed stay here, with your notes.
      </Empty>
    )
  }
  return (
    <Empty
      title="Nothing needs you"
      announce="politely"
      action={
        <Button size="2" variant="soft" color="gray" onClick={() => view.goSettings('rules')}>
          What am I told of?
        </Button>
      }
    >
      {nextReleaseWords(counts, nowMs, timeZone)} Quotes that run out, wait for an answer or are changed by others are
      told here and by a toast, in your working hours.
    </Empty>
  )
}
