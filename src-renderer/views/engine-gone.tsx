import { Button } from '@radix-ui/themes'
import { useStore } from 'zustand'
import { useDesk, useLasting } from '../app/desk-context.tsx'
import { Empty } from '../parts/empty.tsx'
import { sentence } from '../words/status.ts'

/** Fills the window while there is no engine: nothing here would be true without it. */
export function EngineGone() {
  const { link } = useDesk()
  const state = useStore(link.store)
  const gone = state.state === 'gone'
  const slow = useLasting(!gone, 300)
  if (!gone) {
    return (
      <main className="full">
        {slow && (
          <Empty title="Starting QuoteDesk" announce="politely" whole>
            Opening your quotes on this machine.
          </Empty>
        )}
      </main>
    )
  }
  return (
    <main className="full">
      <Empty
        title="QuoteDesk’s engine is not running"
        announce="at_once"
        whole
        action={<Button onClick={link.retryNow}>Try again now</Button>}
      >
        {sentence(state.reason)} Your quotes and the changes you made are kept on this machine. This window comes back
        by itself as soon as the engine does{state.attempts > 1 ? `; tried ${state.attempts} times so far` : ''}.
      </Empty>
    </main>
  )
}
