import { Theme } from '@radix-ui/themes'
import { Toaster } from 'sonner'
import { useStore } from 'zustand'
import { AlertToasts } from '../views/alert-toasts.tsx'
import { EngineGone } from '../views/engine-gone.tsx'
import { Fault } from '../views/fault.tsx'
import { MainWindow } from '../views/main-window.tsx'
import { SignIn } from '../views/sign-in.tsx'
import { useData, useDesk, useMedia } from './desk-context.tsx'

/** Messages stand above the steps at the foot of a quote. */
const clearOfFooter = { bottom: 64, right: 16 }

export function App() {
  const { preferences } = useDesk()
  const theme = useStore(preferences, (state) => state.theme)
  const systemIsDark = useMedia('(prefers-color-scheme: dark)')
  const appearance = theme === 'system' ? (systemIsDark ? 'dark' : 'light') : theme
  return (
    <Theme appearance={appearance} accentColor="indigo" grayColor="slate" radius="small" scaling="100%">
      <Window />
      <AlertToasts />
      <Toaster theme={appearance} position="bottom-right" offset={clearOfFooter} expand containerAriaLabel="Messages" />
    </Theme>
  )
}

function Window() {
  const { link } = useDesk()
  const connected = useStore(link.store, (state) => state.state === 'ready')
  const session = useData((data) => data.session)
  if (!connected || session === null) {
    return (
      <>
        <Fault />
        <EngineGone />
      </>
    )
  }
  return (
    <>
      <Fault />
      {session.state === 'signed_in' ? <MainWindow session={session} /> : <SignIn session={session} />}
    </>
  )
}
