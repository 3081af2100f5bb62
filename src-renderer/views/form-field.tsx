import { type ReactNode, useId } from 'react'
import type { QuoteField } from '../../domain/quote.ts'
import type { FieldMark } from '../form/marks.ts'
import { useFormSetting } from './form-context.tsx'

export interface ControlProps {
  id: string
  'aria-invalid': boolean | undefined
  'aria-describedby': string | undefined
}

interface Props {
  label: string
  /** The field of the quote that it edits, for marks of what changed meanwhile. */
  field?: QuoteField
  error?: string | undefined
  hint?: ReactNode
  wide?: boolean
  children: (control: ControlProps) => ReactNode
}

/** A label, its control, and below it in words: what is wrong, what changed meanwhile, what helps. */
export function FormField({ label, field, error, hint, wide = false, children }: Props) {
  const id = useId()
  const wordsId = `${id}-words`
  const { marks } = useFormSetting()
  const mark = field && marks.get(field)
  const hasWords = error !== undefined || mark !== undefined || (hint !== undefined && hint !== null)
  return (
    <div className="form-field" data-wide={wide} data-mark={mark?.kind}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-describedby': hasWords ? wordsId : undefined,
      })}
      <div id={wordsId} className="form-words">
        {error !== undefined && <ErrorWords>{error}</ErrorWords>}
        {field !== undefined && mark !== undefined && <MarkWords field={field} label={label} mark={mark} />}
        {hint}
      </div>
    </div>
  )
}

export const ErrorWords = ({ children }: { children: ReactNode }) => (
  <p className="field-error">
    <svg className="error-mark" viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
      <path d="M4 .8 7.6 7.2H.4z" />
    </svg>
    {children}
  </p>
)

const choiceWords = { mine: 'Keep mine', theirs: 'Take theirs' } as const

/** Soft where the new value was taken over; with a choice where something was typed over it. */
export function MarkWords({ field: name, label, mark }: { field: QuoteField; label: string; mark: FieldMark }) {
  const { choose } = useFormSetting()
  const who = mark.by ?? 'Somebody'
  if (mark.kind === 'adopted') {
    return <output className="field-mark">{who} changed this meanwhile</output>
  }
  return (
    <output className="field-mark" data-kind="disputed">
      <span>
        {who} changed this meanwhile to <strong>{mark.theirs}</strong>
      </span>
      <span className="mark-choice">
        {(['mine', 'theirs'] as const).map((which) => (
          <button
            key={which}
            type="button"
            className="link"
            aria-label={`${label}: ${choiceWords[which].toLowerCase()}`}
            onClick={(event) => {
              // The choice goes away with the dispute: the focus stays at the field.
              const field = event.currentTarget.closest('.form-field, .form-lines')?.querySelector('input, select')
              if (field instanceof HTMLElement) field.focus()
              choose(name, which)
            }}
          >
            {choiceWords[which]}
          </button>
        ))}
      </span>
    </output>
  )
}
