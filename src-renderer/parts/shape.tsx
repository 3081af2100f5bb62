import type { ReactNode } from 'react'
import type { Outcome, Status } from '../../domain/quote.ts'
import { type Shape as ShapeName, statusLook } from '../words/status.ts'

const ring = <circle cx="6" cy="6" r="4.5" />

const drawings: Record<ShapeName, ReactNode> = {
  dotted: <circle cx="6" cy="6" r="4.5" strokeDasharray="1.6 1.9" />,
  ring,
  half: (
    <>
      {ring}
      <path d="M6 1.5a4.5 4.5 0 0 1 0 9z" fill="currentColor" />
    </>
  ),
  disc: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  check: <path d="M1.8 6.4 4.6 9.2 10.2 3" strokeWidth="1.8" />,
  cross: <path d="m2.6 2.6 6.8 6.8m0-6.8L2.6 9.4" strokeWidth="1.6" />,
  bar: <path d="M2 6h8" strokeWidth="1.8" />,
  clock: (
    <>
      {ring}
      <path d="M6 3.4V6l1.8 1.2" />
    </>
  ),
  arrow: <path d="M2 6h7.4M6.4 3l3 3-3 3" strokeWidth="1.4" />,
}

export function Shape({ shape }: { shape: ShapeName }) {
  return (
    <svg className="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {drawings[shape]}
    </svg>
  )
}

/** A state as shape and word; colour is not needed to tell them apart. */
export function StatusMark({ status, outcome }: { status: Status; outcome: Outcome | null }) {
  const { shape, word } = statusLook(status, outcome)
  return (
    <span className="status-mark" data-status={status}>
      <Shape shape={shape} />
      {word}
    </span>
  )
}
