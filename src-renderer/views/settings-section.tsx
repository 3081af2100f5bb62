import { type ReactNode, useId } from 'react'
import { useLasting } from '../app/desk-context.tsx'

interface Props {
  title: string
  words?: ReactNode
  children: ReactNode
}

/** A heading, what it is about, and its fields. */
export function SettingsSection({ title, words, children }: Props) {
  const id = useId()
  return (
    <section className="settings-section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {words !== undefined && <p className="quiet">{words}</p>}
      {children}
    </section>
  )
}

/** While settings are on their way, or cannot be read. */
export function SettingsWait({ problem }: { problem: string | null }) {
  const slow = useLasting(problem === null, 300)
  if (problem !== null) {
    return (
      <p className="banner" role="alert">
        The settings could not be read: {problem} Nothing is lost.
      </p>
    )
  }
  return (
    <div className="pane-skeleton">
      <span className="bone tall" />
      <span className="bone wide" />
      <span className="bone wide" />
      <output>{slow ? 'Reading your settings…' : ''}</output>
    </div>
  )
}

/** Where what is shown stands: only worth a word while it is not with the server. */
export function Standing({ standing }: { standing: 'default' | 'confirmed' | 'waiting' }) {
  if (standing !== 'waiting') return null
  return <output className="quiet">Saved on this machine; goes to the server when connected.</output>
}
