import type { ReactNode } from 'react'
import { quoteLabel } from '../../domain/ids.ts'
import type { QuoteDetail, QuoteRow } from '../../domain/rpc/quotes.ts'
import { useDesk, useServerNowMs } from '../app/desk-context.tsx'
import { ExpiryCell } from '../parts/expiry.tsx'
import { StatusMark } from '../parts/shape.tsx'
import { cellMoney, countWords, fullMoney, numberWords } from '../words/money.ts'
import { capitalised } from '../words/status.ts'

/** Who the quote is for and how it went with them so far. */
export function QuoteCustomer({ customer: context }: { customer: QuoteDetail['customer'] }) {
  if (context === null) return <p className="pane-empty">This quote has no customer yet.</p>
  const { customer, open, won, others } = context
  const decided = context.won_count + context.lost_count
  const about = [customer.sector, customer.country]
    .filter((text) => text !== null)
    .map(capitalised)
    .join(' · ')
  return (
    <div className="customer-tab">
      {about !== '' && <p>{about}</p>}
      <Contact name={customer.contact_name} email={customer.contact_email} />
      <dl className="facts">
        <Fact name="Win rate">
          {context.win_rate_percent === null
            ? 'nothing decided yet'
            : `${context.win_rate_percent} % (${numberWords(context.won_count)} of ${numberWords(decided)})`}
        </Fact>
        <Fact name={`Open (${numberWords(context.open_count)})`}>
          <Totals amounts={open} />
        </Fact>
        <Fact name={`Won (${numberWords(context.won_count)})`}>
          <Totals amounts={won} />
        </Fact>
      </dl>
      <h3>Other quotes</h3>
      {others.length === 0 ? (
        <p className="quiet">No other quote that you may see.</p>
      ) : (
        <ul className="other-quotes" aria-label="Other quotes">
          {others.map((row) => (
            <Other key={row.id} row={row} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Contact({ name, email }: { name: string | null; email: string | null }) {
  if (name === null && email === null) return null
  return (
    <p>
      {name}
      {name !== null && email !== null && ' · '}
      <span className="selectable">{email}</span>
    </p>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** One line a currency: amounts of different currencies are never added. */
function Totals({ amounts }: { amounts: readonly { currency: string; value_minor: number; count: number }[] }) {
  if (amounts.length === 0) return <>none</>
  return amounts.map((amount) => (
    <span key={amount.currency} className="total" title={countWords(amount.count, 'quote')}>
      {fullMoney(amount)}
    </span>
  ))
}

function Other({ row }: { row: QuoteRow }) {
  const { page } = useDesk()
  const nowMs = useServerNowMs()
  return (
    <li>
      <button type="button" onClick={() => void page.open(row.id)}>
        <span className="number">{quoteLabel(row)}</span>
        <StatusMark status={row.status} outcome={row.outcome} />
        <span className="other-value">{row.value_minor === 0 ? 'no value' : cellMoney(row)}</span>
        <ExpiryCell
          expiresOn={row.expires_on}
          timeZone={row.time_zone}
          closed={row.status === 'closed'}
          nowMs={nowMs}
        />
      </button>
    </li>
  )
}
