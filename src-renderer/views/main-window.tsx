import { useStore } from 'zustand'
import type { Session } from '../../domain/rpc/session.ts'
import { useData, useDesk } from '../app/desk-context.tsx'
import { useShortcuts } from '../app/use-shortcuts.ts'
import { overlayHost } from '../parts/menu-content.tsx'
import { Progress } from '../parts/progress.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { CommandPalette } from './command-palette.tsx'
import { FilterChips } from './filter-menu.tsx'
import { ListHead, MyDayTabs } from './list-head.tsx'
import { PipelineStrip } from './pipeline-strip.tsx'
import { QuoteListView } from './quote-list-view.tsx'
import { QuotePane } from './quote-pane.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { Sidebar } from './sidebar.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'

type SignedIn = Extract<Session, { state: 'signed_in' }>

export function MainWindow({ session }: { session: SignedIn }) {
  const { page } = useDesk()
  const open = useStore(page.store, (state) => state.id !== null)
  useShortcuts()
  return (
    <div className="window">
      <Sidebar session={session} />
      <main id={overlayHost}>
        <div className="main">
          <ListHead />
          <CatchingUp />
          <PipelineStrip />
          <MyDayTabs />
          <FilterChips />
          <div className="content" data-open={open}>
            <QuoteListView />
            <QuotePane />
          </div>
        </div>
      </main>
      <CloseDialog />
      <CommandPalette session={session} />
      <ShortcutSheet />
      <SignOutDialog session={session} />
    </div>
  )
}

/** A thin bar; the numbers stand in the chip. */
function CatchingUp() {
  const connection = useData((data) => data.status?.connection)
  if (connection?.state !== 'catching_up') return null
  return (
    <div className="catching-up">
      <Progress label="Catching up" done={connection.done} total={connection.total} />
    </div>
  )
}
