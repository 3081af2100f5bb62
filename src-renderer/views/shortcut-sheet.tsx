import { Button, Dialog, Switch } from '@radix-ui/themes'
import { useId } from 'react'
import { useStore } from 'zustand'
import { useDesk, useUi } from '../app/desk-context.tsx'
import { sheet } from '../app/shortcuts.ts'
import { useDialogFocus } from '../app/use-dialog-focus.ts'

export function ShortcutSheet() {
  const { ui, preferences } = useDesk()
  const open = useUi((state) => state.shortcuts)
  const focus = useDialogFocus()
  const switchId = useId()
  const singleKeys = useStore(preferences, (state) => state.singleKeys)
  return (
    <Dialog.Root open={open} onOpenChange={(shortcuts) => ui.setState({ shortcuts })}>
      <Dialog.Content className="small-dialog" size="2" aria-describedby={undefined} {...focus}>
        <Dialog.Title size="3">Keyboard shortcuts</Dialog.Title>
        <dl className="shortcut-list">
          {sheet.map(({ keys, words }) => (
            <div key={words}>
              <dt>{words}</dt>
              <dd>
                {keys.map((key) => (
                  <kbd key={key} className="key">
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <label className="switch-row" htmlFor={switchId}>
          <Switch
            id={switchId}
            size="1"
            checked={singleKeys}
            onCheckedChange={(checked) => preferences.setState({ singleKeys: checked })}
          />
          Shortcuts of a single letter or sign
        </label>
        <div className="dialog-buttons">
          <Dialog.Close>
            <Button variant="soft" color="gray">
              Close
            </Button>
          </Dialog.Close>
        </div>
      </Dialog.Content>
    </Dialog.Root>
  )
}
