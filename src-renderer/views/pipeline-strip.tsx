import { Popover } from '@radix-ui/themes'
import { type ReactNode, useRef } from 'react'
import { openStatuses } from '../../domain/quote.ts'
import { useData, useDesk } from '../app/desk-context.tsx'
import { useWidth } from '../app/use-width.ts'
import type { PipelineFigures } from '../engine-link/engine-client.ts'
import { soonDays, soonestFirst } from '../state/view.ts'
import { countWords, fullMoney, numberWords, sideBySide } from '../words/money.ts'

/** Currencies that stand in the strip; the rest is one click away. */
const shownCurrencies = (widthPx: number) => (widthPx > 1000 ? 3 : widthPx > 820 ? 2 : 1)

/** What the team has in hand, moving as changes arrive. Currencies stand side by side and are never added. */
export function PipelineStrip() {
  const pipeline = useData((data) => data.pipeline)
  const strip = useRef<HTMLElement>(null)
  const shown = shownCurrencies(useWidth(strip))
  return (
    <section ref={strip} className="pipeline" aria-label="Pipeline" aria-busy={pipeline === null}>
      {pipeline === null ? <Skeleton /> : <Figures pipeline={pipeline} shown={shown} />}
    </section>
  )
}

function Skeleton() {
  return (
    <>
      {['Open', 'Weighted', `Expiring in ${soonDays} days`, 'Won this month'].map((name) => (
        <Figure key={name} name={name}>
          <span className="bone wide" />
        </Figure>
      ))}
    </>
  )
}

function Figures({ pipeline, shown }: { pipeline: PipelineFigures; shown: number }) {
  const { view } = useDesk()
  const weighted = pipeline.open.map(({ currency, weighted_minor }) => ({ currency, value_minor: weighted_minor }))
  return (
    <>
      <Figure name="Open" onClick={() => view.goQuotes({ statuses: [...openStatuses] })}>
        {numberWords(pipeline.open_count)}
      </Figure>
      <Figure name="Value">
        <Amounts amounts={pipeline.open} shown={shown} />
      </Figure>
      <Figure name="Weighted">
        <Amounts amounts={weighted} shown={shown} />
      </Figure>
      <Figure
        name={`Expiring in ${soonDays} days`}
        onClick={() => view.goQuotes({ expiring_within_days: soonDays }, soonestFirst)}
      >
        {numberWords(pipeline.expiring_7_days)}
      </Figure>
      <Figure name="Expired" onClick={() => view.goQuotes({ expired: true }, { column: 'expires', direction: 'desc' })}>
        {numberWords(pipeline.expired)}
      </Figure>
      <Figure name="Won this month">
        <Amounts amounts={pipeline.won_this_month} shown={shown} />
      </Figure>
      {pipeline.open.length > 0 && <ByCurrency pipeline={pipeline} />}
    </>
  )
}

/** A figure that stands for quotes is a button that lists them. */
function Figure({ name, children, onClick }: { name: string; children: ReactNode; onClick?: () => void }) {
  const inside = (
    <>
      <span className="figure-name">{name}</span>
      <span className="figure-value">{children}</span>
    </>
  )
  if (onClick === undefined) return <div className="figure">{inside}</div>
  return (
    <button type="button" className="figure" onClick={onClick}>
      {inside}
    </button>
  )
}

interface AmountsProps {
  amounts: readonly { currency: string; value_minor: number }[]
  shown: number
}

function Amounts({ amounts, shown }: AmountsProps) {
  const { texts, more } = sideBySide(amounts, shown)
  if (texts.length === 0) return <span className="faint">none</span>
  return (
    <>
      {texts.join(' · ')}
      {more > 0 && <span className="faint"> +{more}</span>}
    </>
  )
}

function ByCurrency({ pipeline }: { pipeline: PipelineFigures }) {
  const won = new Map(pipeline.won_this_month.map((subtotal) => [subtotal.currency, subtotal]))
  return (
    <Popover.Root>
      <Popover.Trigger>
        <button type="button" className="figure figure-more">
          By currency
        </button>
      </Popover.Trigger>
      <Popover.Content align="end" className="by-currency" aria-label="Pipeline by currency">
        <table className="plain-table">
          <caption className="sr-only">Pipeline by currency</caption>
          <thead>
            <tr>
              <th scope="col">Currency</th>
              <th scope="col">Open</th>
              <th scope="col">Value</th>
              <th scope="col">Weighted</th>
              <th scope="col">Won this month</th>
            </tr>
          </thead>
          <tbody>
            {pipeline.open.map(({ currency, count, value_minor, weighted_minor }) => (
              <tr key={currency}>
                <th scope="row">{currency}</th>
                <td>{numberWords(count)}</td>
                <td>{fullMoney({ currency, value_minor })}</td>
                <td>{fullMoney({ currency, value_minor: weighted_minor })}</td>
                <td>
                  {won.has(currency) ? fullMoney({ currency, value_minor: won.get(currency)?.value_minor ?? 0 }) : '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="quiet">
          {countWords(pipeline.draft_count, 'draft')} not counted. Weighted: value times the chance of its stage.
        </p>
      </Popover.Content>
    </Popover.Root>
  )
}
