import { Button, Dialog, IconButton } from '@radix-ui/themes'
import { X } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { toInstantText } from '../../domain/time.ts'
import { useData, useDesk, useLasting, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Progress } from '../parts/progress.tsx'
import type { SyncDetailsState } from '../state/sync-details.ts'
import { clockWords, progressWords } from '../words/connection.ts'
import { countWords, numberWords } from '../words/money.ts'
import { verdictWords } from '../words/streams.ts'
import { reportText } from '../words/sync-report.ts'
import { StreamTable } from './stream-table.tsx'

/** The long form of the sync panel: every stream, whether it is the same as the server's, and how to mend it. */
export function SyncDetailsDialog() {
  const { ui } = useDesk()
  const open = useUi((state) => state.syncDetails)
  const focus = useDialogFocus()
  return (
    <Dialog.Root open={open} onOpenChange={(syncDetails) => ui.setState({ syncDetails })}>
      <Dialog.Content className="sync-details" size="2" aria-describedby={undefined} {...focus}>
        <div className="panel-head">
          <Dialog.Title size="3" mb="0">
            Sync details
          </Dialog.Title>
          <Dialog.Close>
            <IconButton size="1" variant="ghost" color="gray" aria-label="Close">
              <X size={15} aria-hidden="true" />
            </IconButton>
          </Dialog.Close>
        </div>
        <Details />
      </Dialog.Content>
    </Dialog.Root>
  )
}

function Details() {
  const { syncDetails } = useDesk()
  const state = useStore(syncDetails.store)
  const { streams, fault } = state
  const slow = useLasting(streams === null, 300)
  useEffect(() => {
    const looking = new AbortController()
    syncDetails.watch(looking.signal)
    return () => looking.abort()
  }, [syncDetails])
  return (
    <>
      <p className="quiet">
        Each stream is an ordered log of changes that you may read. Level means that this machine has applied all that
        the server has told of; verifying compares the contents.
      </p>
      <Facts />
      <Toolbar state={state} />
      {fault !== null && (
        <p role="alert" className="problem">
          The streams cannot be followed: {fault}
        </p>
      )}
      {streams === null ? (
        <output className="pane-empty">{slow && fault === null ? 'Asking for the streams…' : ''}</output>
      ) : streams.length === 0 ? (
        <p className="pane-empty">No stream is followed yet: they come with the first contact with the server.</p>
      ) : (
        <StreamTable streams={streams} running={state.running} problems={state.problems} />
      )}
    </>
  )
}

/** What is about all streams: what waits here, and the clock. */
function Facts() {
  const status = useData((data) => data.status)
  const outbox = useData((data) => data.outbox)
  if (status === null) return null
  const clock = clockWords(status.server_offset_ms)
  const refused = outbox.filter(({ state }) => state.kind === 'refused').length
  return (
    <ul className="sync-facts">
      <li>
        Outbox: {outbox.length === 0 ? 'empty' : countWords(outbox.length, 'change')}
        {refused > 0 && <span className="refusal">, {numberWords(refused)} of them refused</span>}
      </li>
      {status.server_offset_ms === null && <li>Clock: not compared with the server’s yet.</li>}
      {clock !== null && <li className="warn">{clock}</li>}
    </ul>
  )
}

function Toolbar({ state }: { state: SyncDetailsState }) {
  const { syncDetails, data, timers } = useDesk()
  const { streams, all } = state
  const verdict = streams === null ? null : verdictWords(streams)
  const report = () => {
    const { session, status, outbox } = data.getState()
    if (status === null) return ''
    const at = toInstantText(Math.round(timers.nowMs()))
    return reportText({ at, server_url: session?.server_url ?? '', status, outbox, streams: streams ?? [] })
  }
  return (
    <div className="sync-tools">
      <Button
        size="1"
        variant="soft"
        disabled={streams === null || streams.length === 0 || all !== null}
        onClick={() => void syncDetails.verifyAll()}
      >
        Verify all
      </Button>
      <CopyButton text={report}>Copy report</CopyButton>
      <output className={verdict?.look === true ? 'refusal' : 'quiet'}>
        {all === null ? verdict?.text : `Verified ${progressWords(all)}…`}
      </output>
      {all !== null && <Progress label="Verifying all streams" done={all.done} total={all.total} />}
    </div>
  )
}
