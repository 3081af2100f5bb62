import { type RefObject, useEffect } from 'react'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import type { FormPart } from '../state/open-form.ts'
import { useDesk } from './desk-context.tsx'
import { editQuote, editRefusal } from './quote-commands.ts'

const parts: readonly FormPart[] = ['title', 'value', 'expires_on', 'lines']

/** A click on what can be edited starts there; by keyboard it is E. Text can be marked and copied as before. */
export function useEditByClick(area: RefObject<HTMLElement | null>, detail: QuoteDetail | null) {
  const desk = useDesk()
  useEffect(() => {
    const target = area.current
    if (target === null || detail === null || editRefusal(detail) !== null) return undefined
    const start = (event: Event) => {
      if (window.getSelection()?.isCollapsed === false) return
      const place = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-edits]') : null
      const part = parts.find((candidate) => candidate === place?.dataset['edits'])
      if (part !== undefined) editQuote(desk, detail, part)
    }
    target.addEventListener('click', start)
    return () => target.removeEventListener('click', start)
  }, [area, desk, detail])
}
