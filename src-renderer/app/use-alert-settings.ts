import { toast } from 'sonner'
import type { PersonAlertSettings } from '../../domain/alert-settings.ts'
import type { SettingsView } from '../../domain/rpc/alerts.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { useDesk } from './desk-context.tsx'
import { tellRefusal } from './told-change.ts'
import { type EngineRead, useEngineRead } from './use-engine-read.ts'

const readSettings = (client: EngineClient, options: { signal: AbortSignal }) => client.settings.get(undefined, options)

export interface AlertSettingsDoor extends EngineRead<SettingsView> {
  /** Saved as soon as it is changed; `words` tells what was. */
  save: (settings: PersonAlertSettings, words?: string) => Promise<void>
}

/** The person's own settings of alerts. */
export function useAlertSettings(): AlertSettingsDoor {
  const { engine } = useDesk()
  const read: EngineRead<SettingsView> = useEngineRead(readSettings)
  return {
    ...read,
    save: async (settings, words) => {
      try {
        await engine().settings.save({ settings })
        if (words !== undefined) toast(words, { duration: 4_000 })
      } catch (error) {
        tellRefusal('That could not be saved', error)
      }
    },
  }
}
