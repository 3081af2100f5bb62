import { Button, DropdownMenu } from '@radix-ui/themes'
import { ChevronDown } from 'lucide-react'
import { Fragment } from 'react'
import { quoteLabel } from '../../domain/ids.ts'
import type { NextState, QuoteDetail } from '../../domain/rpc/quotes.ts'
import { useDesk, useUi } from '../app/desk-context.tsx'
import { useStatusStep } from '../app/use-status-step.ts'
import { MenuContent } from '../parts/menu-content.tsx'
import { StatusMark } from '../parts/shape.tsx'
import { statusLook, stepKey, stepWords } from '../words/status.ts'

/** Takes a step at once, or asks for the reason first when it closes the quote. */
export function useTakeStep(detail: QuoteDetail) {
  const { ui } = useDesk()
  const takeStep = useStatusStep()
  const { quote } = detail
  return (step: NextState) => {
    if (step.to === 'closed') ui.setState({ closing: { quote: quote.id, label: quoteLabel(quote), step } })
    else void takeStep(quote.id, quoteLabel(quote), step, null)
  }
}

/** The status, and exactly the steps that are open from it. */
export function StatusControl({ detail }: { detail: QuoteDetail }) {
  const { ui } = useDesk()
  const open = useUi((state) => state.statusMenu)
  const take = useTakeStep(detail)
  const { quote, allowed } = detail
  const { word } = statusLook(quote.status, quote.outcome)
  if (allowed.length === 0) {
    return (
      <span className="status-fixed" title="No further step is open to you">
        <StatusMark status={quote.status} outcome={quote.outcome} />
      </span>
    )
  }
  const firstClosing = allowed.find((step) => step.to === 'closed')
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={(statusMenu) => ui.setState({ statusMenu })}>
      <DropdownMenu.Trigger>
        <Button
          size="1"
          variant="surface"
          color="gray"
          highContrast
          aria-label={`Status: ${word}. Change status`}
          aria-keyshortcuts="S"
        >
          <StatusMark status={quote.status} outcome={quote.outcome} />
          <ChevronDown size={13} aria-hidden="true" />
        </Button>
      </DropdownMenu.Trigger>
      <MenuContent align="end" aria-label="Next states">
        {allowed.map((step) => (
          <Fragment key={stepKey(step)}>
            {step === firstClosing && step !== allowed[0] && <DropdownMenu.Separator />}
            <DropdownMenu.Item onSelect={() => take(step)}>
              <StatusMark status={step.to} outcome={step.outcome} />
              <span className="step-words">{stepWords(quote.status, step)}</span>
            </DropdownMenu.Item>
          </Fragment>
        ))}
      </MenuContent>
    </DropdownMenu.Root>
  )
}

/** The same steps as buttons at the foot of the page. */
export function NextSteps({ detail }: { detail: QuoteDetail }) {
  const take = useTakeStep(detail)
  if (detail.allowed.length === 0) return null
  return (
    <footer className="next-steps" aria-label="Next steps">
      {detail.allowed.map((step, index) => (
        <Button
          key={stepKey(step)}
          size="1"
          variant={index === 0 ? 'solid' : 'soft'}
          color={index === 0 ? undefined : 'gray'}
          onClick={() => take(step)}
        >
          {stepWords(detail.quote.status, step)}
        </Button>
      ))}
    </footer>
  )
}
