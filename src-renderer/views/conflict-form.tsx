import { Button, Dialog } from '@radix-ui/themes'
import { useEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import { useStore } from 'zustand'
import type { PendingChange, ShownConflict } from '../../domain/rpc/quotes.ts'
import { useDesk } from '../app/desk-context.tsx'
import { useValueContext } from '../app/use-value-context.ts'
import { choose, chosenSide, mineOf, noChoices, type Side, undecided } from '../state/conflict-choices.ts'
import { fieldTitle, sideCurrencies } from '../words/field-values.ts'
import { listWords } from '../words/fields.ts'
import { problemWords } from '../words/refusals.ts'
import { ConflictField } from './conflict-field.tsx'
import { ConflictOutcome } from './conflict-outcome.tsx'

interface Props {
  change: PendingChange
  conflicts: readonly ShownConflict[]
  onDone: () => void
}

const sideOfKey: Record<string, { side: Side; all: boolean }> = {
  '1': { side: 'mine', all: false },
  '2': { side: 'theirs', all: false },
  m: { side: 'mine', all: true },
  t: { side: 'theirs', all: true },
}

/** One choice a field, none made beforehand; what is chosen goes out as one more ordinary edit. */
export function ConflictForm({ change, conflicts, onDone }: Props) {
  const { engine, preferences } = useDesk()
  const singleKeys = useStore(preferences, (state) => state.singleKeys)
  const [choices, setChoices] = useState(noChoices)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const context = useValueContext(change.currency)
  const currencies = sideCurrencies(conflicts, change.currency)
  const open = undecided(choices, conflicts)

  const take = (side: Side, which: readonly ShownConflict[]) => {
    const next = choose(choices, which, side)
    setChoices(next)
    setProblem(null)
    return next
  }
  const focusField = (field: string | undefined) => {
    const target = field === undefined ? 'button[type="submit"]' : `[data-field="${field}"] input`
    form.current?.querySelector<HTMLElement>(target)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      form.current?.requestSubmit()
      return
    }
    const press = sideOfKey[event.key.toLowerCase()]
    if (!singleKeys || press === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const here =
      event.target instanceof Element ? event.target.closest('[data-field]')?.getAttribute('data-field') : null
    const present = conflicts.find(({ field }) => field === here) ?? open[0] ?? conflicts[0]
    const next = take(press.side, press.all || present === undefined ? conflicts : [present])
    focusField(undecided(next, conflicts)[0]?.field)
  }
  // On the whole dialog: the focus may stand on it rather than in the form, e.g. after its toast has gone.
  useEffect(() => {
    const dialog = form.current?.closest<HTMLElement>('[role="dialog"]')
    dialog?.addEventListener('keydown', onKeyDown)
    return () => dialog?.removeEventListener('keydown', onKeyDown)
  })
  const submit = async () => {
    setTried(true)
    if (open.length > 0) {
      setProblem(`Choose first for ${listWords(open.map(({ field }) => fieldTitle(field).toLowerCase()))}.`)
      focusField(open[0]?.field)
      return
    }
    setBusy(true)
    try {
      const { entry } = await engine().outbox.resolve({
        entry: change.entry,
        mine: mineOf(choices, conflicts),
        current_version: change.state.kind === 'refused' ? change.state.current_version : null,
      })
      toast.success(`${change.quote_label} is settled`, {
        description: entry === null ? 'Nothing had to be sent.' : 'Your choice goes out as one more change.',
      })
      onDone()
    } catch (error) {
      setProblem(problemWords(error))
      setBusy(false)
    }
  }
  return (
    <form
      ref={form}
      className="conflict-form"
      noValidate
      tabIndex={-1}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Dialog.Title size="3" mb="0">
        What stands? {change.quote_label}
        {change.customer_name !== null && ` · ${change.customer_name}`}
      </Dialog.Title>
      <p className="quiet">
        {whoWords(conflicts)} changed the same {conflicts.length === 1 ? 'field' : 'fields'} as you. Nothing has been
        overwritten: choose what stands, then apply.
      </p>
      <div className="conflict-all">
        <AllButton side="mine" keys={singleKeys ? 'M' : null} onClick={() => take('mine', conflicts)} />
        <AllButton side="theirs" keys={singleKeys ? 'T' : null} onClick={() => take('theirs', conflicts)} />
      </div>
      <div className="conflict-fields">
        {conflicts.map((conflict) => (
          <ConflictField
            key={conflict.field}
            conflict={conflict}
            chosen={chosenSide(choices, conflict)}
            missing={tried}
            context={context}
            currencies={currencies}
            showKeys={singleKeys}
            onChoose={(side) => take(side, [conflict])}
          />
        ))}
      </div>
      <ConflictOutcome
        conflicts={conflicts}
        sideOf={(conflict) => chosenSide(choices, conflict)}
        context={context}
        currencies={currencies}
      />
      {problem !== null && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <div className="dialog-buttons">
        <Dialog.Close>
          <Button type="button" variant="soft" color="gray">
            Decide later
          </Button>
        </Dialog.Close>
        <Button type="submit" disabled={busy}>
          Apply
        </Button>
      </div>
    </form>
  )
}

function AllButton({ side, keys, onClick }: { side: Side; keys: string | null; onClick: () => void }) {
  return (
    <Button type="button" size="1" variant="soft" color="gray" aria-keyshortcuts={keys ?? undefined} onClick={onClick}>
      {side === 'mine' ? 'All mine' : 'All theirs'}
      {keys !== null && <kbd className="key">{keys}</kbd>}
    </Button>
  )
}

/** `Mia Wolf and Jon Bell`; a change without an actor was made by the server itself. */
function whoWords(conflicts: readonly ShownConflict[]): string {
  return listWords([...new Set(conflicts.map(({ by_name }) => by_name ?? 'Somebody'))])
}
