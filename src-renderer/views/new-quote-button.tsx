import { Button } from '@radix-ui/themes'
import { Plus } from 'lucide-react'
import { useData, useDesk } from '../app/desk-context.tsx'
import { newQuote, noNewQuote } from '../app/quote-commands.ts'

export function NewQuoteButton() {
  const desk = useDesk()
  const person = useData(({ session }) => (session?.state === 'signed_in' ? session.person : null))
  if (person === null) return null
  const refusal = noNewQuote(person)
  return (
    <Button
      size="1"
      className="new-quote"
      aria-label="New quote"
      aria-keyshortcuts="N"
      title={refusal ?? 'New quote (N)'}
      disabled={refusal !== null}
      onClick={() => newQuote(desk)}
    >
      <Plus size={14} aria-hidden="true" />
      <span className="in-wide">New</span>
    </Button>
  )
}
