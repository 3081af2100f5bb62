import { useStore } from 'zustand'
import type { Session } from '../../domain/rpc/session.ts'
import { useData, useDesk } from '../app/desk-context.tsx'
import { useShortcuts } from '../app/use-shortcuts.ts'
import { overlayHost } from '../parts/menu-content.tsx'
import { Progress } from '../parts/progress.tsx'
import { AlertDetail } from './alert-detail.tsx'
import { AlertHead } from './alert-head.tsx'
import { AlertResolveDialog } from './alert-resolve-dialog.tsx'
import { AlertView } from './alert-view.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { CommandPalette } from './command-palette.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { DiscardRefusedDialog } from './discard-refused-dialog.tsx'
import { FilterChips } from './filter-menu.tsx'
import { FormPane } from './form-pane.tsx'
import { ListHead, MyDayTabs } from './list-head.tsx'
import { NoteDialog } from './note-dialog.tsx'
import { PipelineStrip } from './pipeline-strip.tsx'
import { QuoteListView } from './quote-list-view.tsx'
import { QuotePane } from './quote-pane.tsx'
import { ReassignDialog } from './reassign-dialog.tsx'
import { RefusalToasts } from './refusal-toasts.tsx'
import { SessionNotice } from './session-notice.tsx'
import { SettingsHead } from './settings-head.tsx'
import { SettingsView } from './settings-view.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { Sidebar } from './sidebar.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'
import { SyncDetailsDialog } from './sync-details.tsx'

type SignedIn = Extract<Session, { state: 'signed_in' }>

export function MainWindow({ session }: { session: SignedIn }) {
  const { page, form, view } = useDesk()
  const where = useStore(view.store, (state) => state.where)
  const inList = where === 'my_day' || where === 'quotes'
  const paged = useStore(page.store, (state) => state.id !== null)
  const open = useStore(form.store, (state) => state.open)
  useShortcuts()
  return (
    <div className="window">
      <Sidebar session={session} />
      <main id={overlayHost}>
        <div className="main">
          <SessionNotice session={session} />
          {where === 'alerts' ? (
            <AlertHead />
          ) : where === 'settings' ? (
            <SettingsHead me={session.person} />
          ) : (
            <ListHead />
          )}
          <CatchingUp />
          {inList && (
            <>
              <PipelineStrip />
              <MyDayTabs />
              <FilterChips />
            </>
          )}
          <div className="content" data-open={paged || open !== null}>
            {inList && <QuoteListView />}
            {where === 'alerts' && <AlertView />}
            {where === 'settings' && <SettingsView session={session} />}
            {where === 'alerts' && !paged && open === null && <AlertDetail />}
            {open === null ? <QuotePane /> : <FormPane key={open.key} open={open} me={session.person} />}
          </div>
        </div>
      </main>
      <AlertResolveDialog />
      <CloseDialog />
      <CommandPalette session={session} />
      <NoteDialog />
      <ReassignDialog />
      <ShortcutSheet />
      <SignOutDialog session={session} />
      <ConflictDialog />
      <DiscardRefusedDialog />
      <SyncDetailsDialog />
      <RefusalToasts />
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
