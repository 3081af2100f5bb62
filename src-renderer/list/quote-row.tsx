/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events -- virtual rows are placed freely, which table elements forbid; the grid has the focus and takes their keys */
import { type CSSProperties, memo, type ReactNode, useEffect, useRef } from 'react'
import { quoteLabel } from '../../domain/ids.ts'
import type { QuoteRow as Row } from '../../domain/rpc/quotes.ts'
import { ChangeDot } from '../parts/change-dot.tsx'
import { ExpiryCell } from '../parts/expiry.tsx'
import { StatusMark } from '../parts/shape.tsx'
import { agoWords, fullMoment } from '../words/dates.ts'
import { cellMoney } from '../words/money.ts'
import type { Column, ColumnSpec } from './columns.ts'

export const rowHeightPx = 32
const tintMs = 600

interface Props {
  row: Row | undefined
  index: number
  topPx: number
  columns: readonly ColumnSpec[]
  /** Under the keyboard. */
  active: boolean
  /** Shown in the pane. */
  open: boolean
  /** When a live change last touched it, 0 if none did. */
  changedAtMs: number
  nowMs: number
  timeZone: string
  onOpen: (index: number, row: Row) => void
}

export const rowElementId = (index: number) => `quote-row-${index}`

/** One line of the list; a skeleton of it while its page is on the way. */
export const QuoteRow = memo(function QuoteRow(props: Props) {
  const { row, index, topPx, columns, active, open, onOpen } = props
  const element = useRef<HTMLDivElement>(null)
  useTint(element, props.changedAtMs)
  const style: CSSProperties = { transform: `translateY(${topPx}px)` }
  return (
    <div
      ref={element}
      id={rowElementId(index)}
      role="row"
      className="quote-row"
      style={style}
      aria-rowindex={index + 2}
      aria-selected={open}
      data-active={active}
      data-quote-id={row?.id}
      onClick={row && (() => onOpen(index, row))}
    >
      {columns.map(({ column, end }, position) => (
        <div key={column} role="gridcell" aria-colindex={position + 1} className="cell" data-end={end}>
          {row ? cells[column]({ row, nowMs: props.nowMs, timeZone: props.timeZone }) : <Bone />}
        </div>
      ))}
    </div>
  )
})

function Bone() {
  return (
    <span className="bone">
      <span className="sr-only">loading</span>
    </span>
  )
}

interface CellProps {
  row: Row
  nowMs: number
  timeZone: string
}

const faint = (text: string): ReactNode => <span className="faint">{text}</span>

const cells: Record<Column, (props: CellProps) => ReactNode> = {
  quote_id: ({ row }) => <span className="number">{quoteLabel(row)}</span>,
  customer: ({ row }) => row.customer_name ?? faint('no customer'),
  title: ({ row }) => (row.title === '' ? faint('no title') : <span className="quiet">{row.title}</span>),
  status: ({ row }) => (
    <>
      <StatusMark status={row.status} outcome={row.outcome} />
      {row.pending && <ChangeDot kind="waiting" />}
      {row.refused && <ChangeDot kind="refused" />}
    </>
  ),
  value: ({ row }) => (row.value_minor === 0 ? faint('no value') : cellMoney(row)),
  expires: ({ row, nowMs }) => (
    <ExpiryCell expiresOn={row.expires_on} timeZone={row.time_zone} closed={row.status === 'closed'} nowMs={nowMs} />
  ),
  owner: ({ row }) => <span className="quiet">{row.owner_name ?? 'unknown'}</span>,
  team: ({ row }) => <span className="quiet">{row.team_name ?? 'unknown'}</span>,
  updated: ({ row, nowMs, timeZone }) => (
    <time className="quiet" dateTime={row.updated_at} title={fullMoment(row.updated_at, timeZone)}>
      {agoWords(row.updated_at, nowMs, timeZone)}
    </time>
  ),
}

/** One soft tint when a live change touches the row, none when the person asked for less motion. */
function useTint(element: React.RefObject<HTMLDivElement | null>, changedAtMs: number) {
  useEffect(() => {
    if (changedAtMs === 0 || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
    element.current?.animate([{ backgroundColor: 'var(--tint)' }, {}], { duration: tintMs, easing: 'ease-out' })
  }, [element, changedAtMs])
}
