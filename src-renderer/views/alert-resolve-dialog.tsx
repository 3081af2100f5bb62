import { Button, Dialog } from '@radix-ui/themes'
import { type FormEvent, useState } from 'react'
import type { ShownAlert } from '../../domain/rpc/alerts.ts'
import { resolve } from '../app/alert-commands.ts'
import { useDesk, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { titleOf } from '../words/alerts.ts'
import { countWords } from '../words/money.ts'

const maxLength = 2_000

/** What was done about it, for whoever looks it up later. */
export function AlertResolveDialog() {
  const { ui } = useDesk()
  const alerts = useUi((state) => state.resolvingAlerts)
  const focus = useDialogFocus()
  const close = () => ui.setState({ resolvingAlerts: null })
  return (
    <Dialog.Root open={alerts !== null} onOpenChange={(open) => !open && close()}>
      <Dialog.Content className="small-dialog" size="2" aria-describedby={undefined} {...focus}>
        {alerts !== null && <ResolveForm alerts={alerts} onDone={close} />}
      </Dialog.Content>
    </Dialog.Root>
  )
}

function ResolveForm({ alerts, onDone }: { alerts: readonly ShownAlert[]; onDone: () => void }) {
  const desk = useDesk()
  const [note, setNote] = useState('')
  const [saving, setSaving] = useState(false)
  const [only] = alerts
  const submit = async () => {
    if (saving) return
    setSaving(true)
    if (await resolve(desk, alerts, note)) onDone()
    else setSaving(false)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void submit()
  }
  return (
    <form onSubmit={onSubmit}>
      <Dialog.Title size="3">
        {only !== undefined && alerts.length === 1
          ? 'Resolve this alert'
          : `Resolve ${countWords(alerts.length, 'alert')}`}
      </Dialog.Title>
      {only !== undefined && alerts.length === 1 && <p className="quiet">{titleOf(only)}</p>}
      <div className="field">
        <textarea
          className="input"
          rows={4}
          maxLength={maxLength}
          value={note}
          placeholder="What was done about it; may stay empty"
          aria-label="Note"
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) onSubmit(event)
          }}
        />
      </div>
      <p className="quiet note-words">It goes on all your devices, and is not told again.</p>
      <div className="dialog-buttons">
        <Dialog.Close>
          <Button type="button" variant="soft" color="gray">
            Cancel
          </Button>
        </Dialog.Close>
        <Button type="submit" disabled={saving}>
          Resolve
        </Button>
      </div>
    </form>
  )
}
