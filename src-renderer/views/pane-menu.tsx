import { DropdownMenu, IconButton } from '@radix-ui/themes'
import { Ellipsis, Pencil } from 'lucide-react'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { useDesk } from '../app/desk-context.tsx'
import { editQuote, editRefusal, grant, reassignRefusal } from '../app/quote-commands.ts'
import { MenuContent } from '../parts/menu-content.tsx'

/** What can be done with the open quote besides its status. What may not be done says why. */
export function PaneMenu({ detail }: { detail: QuoteDetail }) {
  const desk = useDesk()
  const refusal = editRefusal(detail)
  /** Once the menu has let go of the focus, which a form or dialog then takes. */
  const later = (run: () => void) => () => desk.timers.after(0, run)
  return (
    <>
      <IconButton
        size="1"
        variant="ghost"
        color="gray"
        aria-label="Edit quote"
        aria-keyshortcuts="E"
        title={refusal ?? 'Edit (E)'}
        disabled={refusal !== null}
        onClick={() => editQuote(desk, detail, null)}
      >
        <Pencil size={14} aria-hidden="true" />
      </IconButton>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger>
          <IconButton size="1" variant="ghost" color="gray" aria-label="More actions">
            <Ellipsis size={15} aria-hidden="true" />
          </IconButton>
        </DropdownMenu.Trigger>
        <MenuContent align="end">
          <Item name="Edit" keys="E" refusal={refusal} run={later(() => editQuote(desk, detail, null))} />
          <Item
            name="Reassign…"
            keys="A"
            refusal={detail.may.reassign ? null : reassignRefusal(detail)}
            run={later(() => grant(desk, detail, 'reassign'))}
          />
          <Item
            name="Add note…"
            keys="M"
            refusal={detail.may.note ? null : 'It needs the role of rep or higher in the team.'}
            run={later(() => grant(desk, detail, 'note'))}
          />
        </MenuContent>
      </DropdownMenu.Root>
    </>
  )
}

interface ItemProps {
  name: string
  keys: string
  refusal: string | null
  run: () => void
}

function Item({ name, keys, refusal, run }: ItemProps) {
  return (
    <DropdownMenu.Item disabled={refusal !== null} onSelect={run}>
      <span className="menu-words">
        {name}
        {refusal !== null && <span className="menu-reason">{refusal}</span>}
      </span>
      <kbd className="key palette-end">{keys}</kbd>
    </DropdownMenu.Item>
  )
}
