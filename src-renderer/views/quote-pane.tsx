import { IconButton, Tabs } from '@radix-ui/themes'
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { quoteLabel } from '../../domain/ids.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { useDesk, useLasting, useServerNowMs, useUi } from '../app/desk-context.tsx'
import { focusOn } from '../app/focus.ts'
import { editRefusal, grant } from '../app/quote-commands.ts'
import { useEditByClick } from '../app/use-edit-by-click.ts'
import { Empty } from '../parts/empty.tsx'
import { UrgentMark } from '../parts/expiry.tsx'
import { expiryWords } from '../words/dates.ts'
import { fullMoney } from '../words/money.ts'
import { PaneMenu } from './pane-menu.tsx'
import { QuoteChanges } from './pending-changes.tsx'
import { QuoteAlerts } from './quote-alerts.tsx'
import { QuoteCustomer } from './quote-customer.tsx'
import { QuoteHistory } from './quote-history.tsx'
import { QuoteLines } from './quote-lines.tsx'
import { NextSteps, StatusControl } from './status-control.tsx'

/** The open quote, beside the list or, where there is no room for both, instead of it. */
export function QuotePane() {
  const desk = useDesk()
  const { page, ui } = desk
  const { id, detail, loading, problem } = useStore(page.store)
  const pane = useRef<HTMLElement>(null)
  const focusPage = useUi((state) => state.focusPage)
  useEffect(() => {
    if (!focusPage || id === null) return
    pane.current?.focus()
    ui.setState({ focusPage: false })
  }, [focusPage, id, ui])
  const status = detail?.quote.status
  // A step taken may remove its own button: the focus stays on the page instead of being lost.
  useEffect(() => {
    if (status !== undefined && document.activeElement === document.body) pane.current?.focus()
  }, [status])
  const wish = useUi((state) => state.wish)
  useEffect(() => {
    // Nobody waits for the wish any more, so it must not come true on the next quote.
    if (wish !== null && (id === null || problem !== null)) ui.setState({ wish: null })
    if (wish === null || detail === null || detail.quote.id !== id || loading) return
    ui.setState({ wish: null })
    grant(desk, detail, wish)
  }, [wish, id, detail, loading, problem, desk, ui])
  const slow = useLasting(loading, 300)
  const shown = detail !== null && detail.quote.id === id ? detail : null
  useEditByClick(pane, shown)
  if (id === null) return null
  const close = () => {
    page.close()
    focusOn('grid')
  }
  return (
    <section
      ref={pane}
      className="quote-pane"
      data-editable={shown !== null && editRefusal(shown) === null}
      aria-label="Quote"
      tabIndex={-1}
      aria-busy={loading}
    >
      {shown !== null && <Page detail={shown} onClose={close} />}
      {shown === null && problem === null && <PageSkeleton slow={slow} onClose={close} />}
      {problem !== null && (
        <>
          <CloseBar onClose={close} />
          <Empty title="This quote cannot be shown" announce="at_once">
            {problem} It may have been moved to a team that you are not in.
          </Empty>
        </>
      )}
    </section>
  )
}

function CloseButton({ onClose }: { onClose: () => void }) {
  return (
    <IconButton
      size="1"
      variant="ghost"
      color="gray"
      aria-label="Close quote"
      aria-keyshortcuts="Escape"
      onClick={onClose}
    >
      <X size={15} aria-hidden="true" />
    </IconButton>
  )
}

const CloseBar = ({ onClose }: { onClose: () => void }) => (
  <div className="pane-bar">
    <CloseButton onClose={onClose} />
  </div>
)

function PageSkeleton({ slow, onClose }: { slow: boolean; onClose: () => void }) {
  return (
    <>
      <CloseBar onClose={onClose} />
      <div className="pane-skeleton">
        <span className="bone tall" />
        <span className="bone wide" />
        <span className="bone wide" />
        <output>{slow ? 'Opening the quote…' : ''}</output>
      </div>
    </>
  )
}

function Page({ detail, onClose }: { detail: QuoteDetail; onClose: () => void }) {
  const { quote, missing, pending, customer } = detail
  const customerName = customer?.customer.name ?? 'No customer'
  return (
    <>
      <header className="pane-head">
        <div className="pane-bar">
          <h2 title={customerName}>
            <span className="number">{quoteLabel(quote)}</span> · {customerName}
          </h2>
          <StatusControl detail={detail} />
          <PaneMenu detail={detail} />
          <CloseButton onClose={onClose} />
        </div>
        {quote.title !== '' && (
          <p className="pane-title" data-edits="title">
            {quote.title}
          </p>
        )}
        <p className="pane-value" data-edits="value">
          {fullMoney(quote)}
        </p>
        <ExpiryLine detail={detail} />
        <p className="quiet">
          {detail.owner?.name ?? 'Unknown owner'} · {detail.team?.name ?? 'unknown team'}
        </p>
        {quote.reason !== null && <p className="quiet">Reason: {quote.reason}</p>}
      </header>
      {missing.length > 0 && (
        <p className="banner" role="note">
          Incomplete: it still needs {missing.join(', ')} before it can become active.
        </p>
      )}
      {pending.length > 0 && <QuoteChanges changes={pending} />}
      <Tabs.Root defaultValue="lines" className="pane-tabs">
        <Tabs.List size="1" aria-label="Quote">
          <Tabs.Trigger value="lines">Lines</Tabs.Trigger>
          <Tabs.Trigger value="history">History</Tabs.Trigger>
          <Tabs.Trigger value="customer">Customer</Tabs.Trigger>
          <Tabs.Trigger value="alerts">Alerts</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="lines" tabIndex={0}>
          <QuoteLines quote={quote} />
        </Tabs.Content>
        <Tabs.Content value="history" tabIndex={0}>
          <QuoteHistory detail={detail} />
        </Tabs.Content>
        <Tabs.Content value="customer" tabIndex={0}>
          <QuoteCustomer customer={customer} />
        </Tabs.Content>
        <Tabs.Content value="alerts" tabIndex={0}>
          <QuoteAlerts detail={detail} />
        </Tabs.Content>
      </Tabs.Root>
      <NextSteps detail={detail} />
    </>
  )
}

function ExpiryLine({ detail: { quote } }: { detail: QuoteDetail }) {
  const nowMs = useServerNowMs()
  if (quote.expires_on === null)
    return (
      <p className="quiet" data-edits="expires_on">
        No valid-until date
      </p>
    )
  const validUntil = { expires_on: quote.expires_on, time_zone: quote.time_zone }
  const words = expiryWords(validUntil, quote.status === 'closed', nowMs)
  return (
    <p className="expiry-line" title={words.full} data-edits="expires_on">
      {words.left !== null && (
        <span className="expiry" data-urgency={words.urgency}>
          {words.left}
          {words.urgency !== 'none' && <UrgentMark />}
        </span>
      )}
      {words.left !== null && ' · '}
      {words.until}
    </p>
  )
}
