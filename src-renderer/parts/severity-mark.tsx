import type { ReactNode } from 'react'
import type { Severity } from '../../domain/alert-rule.ts'
import { severityWords } from '../words/alerts.ts'

const bar = (x: number, height: number, on: boolean) => (
  <rect
    key={x}
    x={x}
    y={10.5 - height}
    width="2.4"
    height={height}
    rx=".6"
    fill="currentColor"
    stroke="none"
    opacity={on ? 1 : 0.25}
  />
)
const bars = (count: number) => [bar(1, 3.5, true), bar(4.8, 6.5, count > 1), bar(8.6, 9.5, count > 2)]
const bang = <path d="M6 3.4v3.2M6 8.4v.3" stroke="var(--ground)" strokeWidth="1.5" strokeLinecap="round" />

/** More bars, then a filled sign: each grade has an outline of its own. */
const drawings: Record<Severity, ReactNode> = {
  low: bars(1),
  normal: bars(2),
  high: bars(3),
  critical: (
    <>
      <rect x=".8" y=".8" width="10.4" height="10.4" rx="2.2" fill="currentColor" stroke="none" />
      {bang}
    </>
  ),
  emergency: (
    <>
      <path d="M6 .4 11.8 11.2H.2z" fill="currentColor" stroke="none" />
      <path d="M6 4v3.2M6 9v.2" stroke="var(--ground)" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
}

/** How grave, as shape and word. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span className="severity" data-severity={severity}>
      <svg className="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {drawings[severity]}
      </svg>
      <span className="severity-word">{severityWords[severity]}</span>
    </span>
  )
}
