import { createContext, type ReactNode, useContext } from 'react'
import type { QuoteField } from '../../domain/quote.ts'
import type { FieldMarks } from '../form/marks.ts'

interface FormSetting {
  /** Fields that may be typed into; the others are shown. */
  editable: readonly QuoteField[]
  marks: FieldMarks
  /** Settles a dispute: with the person's own value, or with the other one. */
  choose: (field: QuoteField, which: 'mine' | 'theirs') => void
}

const Setting = createContext<FormSetting | null>(null)

export function FormSettingProvider({ setting, children }: { setting: FormSetting; children: ReactNode }) {
  return <Setting value={setting}>{children}</Setting>
}

export function useFormSetting(): FormSetting {
  const setting = useContext(Setting)
  if (setting === null) throw new Error('a field stands outside its form')
  return setting
}

export const useLocked = (field: QuoteField): boolean => !useFormSetting().editable.includes(field)
