import { Popover } from '@radix-ui/themes'
import { useData, useDesk, useNowMs, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { connectionWords, syncFacts } from '../words/connection.ts'
import { SyncPanel } from './sync-panel.tsx'

/** Always in sight: the connection, what waits, when all was last in step. Opens the sync panel. */
export function SyncChip() {
  const { ui, timeZone } = useDesk()
  const status = useData((data) => data.status)
  const open = useUi((state) => state.sync)
  const nowMs = useNowMs()
  const focus = useDialogFocus()
  if (status === null) return <div className="sync-chip bone-chip" aria-hidden="true" />
  const { text, tone } = connectionWords(status.connection, nowMs, timeZone)
  const facts = syncFacts(status, nowMs, timeZone)
  return (
    <Popover.Root open={open} onOpenChange={(sync) => ui.setState({ sync })}>
      <Popover.Trigger>
        <button type="button" className="sync-chip" data-tone={tone}>
          <ChipMark tone={tone} />
          <span className="chip-words">
            <output>{text}</output>
            {facts.map(({ text: fact, short, look }) => (
              <span key={fact} className="chip-fact" data-look={look}>
                {' · '}
                <span className="in-wide">{fact}</span>
                <span className="in-narrow">{short}</span>
              </span>
            ))}
          </span>
        </button>
      </Popover.Trigger>
      <Popover.Content className="sync-popover" align="end" aria-label="Sync" {...focus}>
        <SyncPanel status={status} />
      </Popover.Content>
    </Popover.Root>
  )
}

/** Solid: in step. Half: on the way. Hollow: cut off. */
function ChipMark({ tone }: { tone: 'calm' | 'busy' | 'look' }) {
  return (
    <svg className="chip-mark" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      <circle cx="5" cy="5" r="4" fill={tone === 'calm' ? 'currentColor' : 'none'} />
      {tone === 'busy' && <path d="M5 1a4 4 0 0 1 0 8z" fill="currentColor" stroke="none" />}
    </svg>
  )
}
