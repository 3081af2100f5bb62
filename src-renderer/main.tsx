// First, before any schema is made.
import './no-eval.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Temporal } from 'temporal-polyfill'
import { App } from './app/app.tsx'
import { DeskProvider } from './app/desk-context.tsx'
import { openBridge } from './bridge.ts'
import { browserNotifications } from './notifications.ts'
import { pageAttention } from './state/attention.ts'
import { createDesk } from './state/desk.ts'
import './styles/index.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html lacks its element #root')

const desk = createDesk({
  bridge: openBridge(window),
  timers: {
    nowMs: () => Temporal.Now.instant().epochMilliseconds,
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
  },
  timeZone: Temporal.Now.timeZoneId(),
  storage: window.localStorage,
  notifications: browserNotifications(window),
  attention: pageAttention(window),
})
desk.start()

createRoot(root).render(
  <StrictMode>
    <DeskProvider desk={desk}>
      <App />
    </DeskProvider>
  </StrictMode>,
)
