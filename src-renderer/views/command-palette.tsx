import { Dialog, VisuallyHidden } from '@radix-ui/themes'
import { Command } from 'cmdk'
import { useState } from 'react'
import { useStore } from 'zustand'
import { quoteLabel } from '../../domain/ids.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import type { Session } from '../../domain/rpc/session.ts'
import { useDesk, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { StatusMark } from '../parts/shape.tsx'
import { stepKey, stepWords } from '../words/status.ts'
import { paletteCommands } from './palette-commands.ts'
import { useTakeStep } from './status-control.tsx'
import { useFoundQuotes } from './use-found-quotes.ts'

type SignedIn = Extract<Session, { state: 'signed_in' }>

/** ⌘K: everything the window can do, and any quote by number, customer or word. */
export function CommandPalette({ session }: { session: SignedIn }) {
  const { ui } = useDesk()
  const open = useUi((state) => state.palette)
  const focus = useDialogFocus()
  const close = () => ui.setState({ palette: false })
  return (
    <Dialog.Root open={open} onOpenChange={(palette) => ui.setState({ palette })}>
      <Dialog.Content className="palette" aria-describedby={undefined} {...focus}>
        <VisuallyHidden>
          <Dialog.Title>Commands</Dialog.Title>
        </VisuallyHidden>
        <Palette session={session} close={close} />
      </Dialog.Content>
    </Dialog.Root>
  )
}

function Palette({ session, close }: { session: SignedIn; close: () => void }) {
  const desk = useDesk()
  const [text, setText] = useState('')
  const found = useFoundQuotes(text)
  const detail = useStore(desk.page.store, (state) => state.detail)
  /** Runs once the palette has let go of the focus, which many commands move. */
  const closeAnd = (run: () => void) => () => {
    close()
    desk.timers.after(0, run)
  }
  const wanted = text.trim().toLowerCase()
  const groups = paletteCommands(desk, session.person.id)
    .map(({ heading, commands }) => ({
      heading,
      commands: commands.filter(({ name }) => `${heading} ${name}`.toLowerCase().includes(wanted)),
    }))
    .filter(({ commands }) => commands.length > 0)
  return (
    // What matches is decided here and by the engine's search, so that both follow one rule.
    <Command label="Commands" shouldFilter={false} loop>
      <Command.Input
        placeholder="Type a command, a quote number or a customer"
        value={text}
        onValueChange={setText}
        maxLength={200}
      />
      <Command.List label="Commands and quotes" aria-busy={wanted !== '' && !found.settled}>
        {/* What only leads somewhere comes first: Enter on a half-typed word must not change a quote. */}
        {groups.map(({ heading, commands }) => (
          <Command.Group key={heading} heading={heading}>
            {commands.map((command) => (
              <Command.Item key={command.name} value={`${heading} ${command.name}`} onSelect={closeAnd(command.run)}>
                {command.name}
                {command.keys !== undefined && <kbd className="key palette-end">{command.keys}</kbd>}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
        {detail !== null && <StepCommands detail={detail} wanted={wanted} closeAnd={closeAnd} />}
        {found.rows.length > 0 && (
          <Command.Group heading="Quotes">
            {found.rows.map((row) => (
              <Command.Item
                key={row.id}
                value={row.id}
                onSelect={closeAnd(() => {
                  void desk.page.open(row.id)
                  desk.ui.setState({ focusPage: true })
                })}
              >
                <span className="number">{quoteLabel(row)}</span>
                <span className="ellipsis">{row.customer_name ?? 'no customer'}</span>
                <span className="palette-end">
                  <StatusMark status={row.status} outcome={row.outcome} />
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {wanted !== '' && found.settled && (
          <Command.Item value={`search ${wanted}`} onSelect={closeAnd(() => desk.view.goQuotes({ text: text.trim() }))}>
            Search quotes for “{text.trim()}”
          </Command.Item>
        )}
      </Command.List>
    </Command>
  )
}

interface StepCommandsProps {
  detail: QuoteDetail
  wanted: string
  closeAnd: (run: () => void) => () => void
}

/** The steps open to the quote that is shown. */
function StepCommands({ detail, wanted, closeAnd }: StepCommandsProps) {
  const take = useTakeStep(detail)
  const heading = `Status of ${quoteLabel(detail.quote)}`
  const steps = detail.allowed
    .map((step) => ({ step, words: stepWords(detail.quote.status, step) }))
    .filter(({ words }) => `status ${words}`.toLowerCase().includes(wanted))
  if (steps.length === 0) return null
  return (
    <Command.Group heading={heading}>
      {steps.map(({ step, words }) => (
        <Command.Item key={stepKey(step)} value={`step ${stepKey(step)}`} onSelect={closeAnd(() => take(step))}>
          {words}
        </Command.Item>
      ))}
    </Command.Group>
  )
}
