import { Button, TextField } from '@radix-ui/themes'
import { type FormEvent, useId, useState } from 'react'
import type { Session } from '../../domain/rpc/session.ts'
import { useDesk, useLasting } from '../app/desk-context.tsx'
import { problemWords } from '../words/refusals.ts'
import { capitalised } from '../words/status.ts'

type SignedOut = Extract<Session, { state: 'signed_out' }>

/** The door: one click for the sample workspace, e-mail and password for any. */
export function SignIn({ session }: { session: SignedOut }) {
  const { engine } = useDesk()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const slow = useLasting(busy, 300)

  const attempt = async (signIn: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(null)
    try {
      await signIn()
    } catch (error) {
      setProblem(problemWords(error))
    }
    setBusy(false)
  }

  const shown = problem ?? session.problem
  const samples = session.sample_accounts
  return (
    <main className="sign-in">
      <div className="sign-in-card" aria-busy={busy}>
        <h1>Sign in to QuoteDesk</h1>
        <p className="quiet">
          Server <span className="server-url">{session.server_url}</span>
        </p>
        {shown !== null && (
          <p role="alert" className="problem">
            {shown}
          </p>
        )}
        {samples.length > 0 && (
          <section aria-labelledby="sample-heading">
            <h2 id="sample-heading">Sample workspace</h2>
            <p className="quiet">Look around as one of these people. Their quotes are made up.</p>
            <ul className="sample-accounts">
              {samples.map(({ name, role, email }) => (
                <li key={email}>
                  <button
                    type="button"
                    disabled={busy}
                    onClick={() => void attempt(() => engine().session.signInSample({ email }))}
                  >
                    <span>{name}</span>
                    <span className="quiet">{capitalised(role)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <Credentials
          heading={samples.length > 0}
          busy={busy}
          slow={slow}
          onSubmit={(email, password) => void attempt(() => engine().session.signIn({ email, password }))}
        />
      </div>
    </main>
  )
}

interface CredentialsProps {
  heading: boolean
  busy: boolean
  slow: boolean
  onSubmit: (email: string, password: string) => void
}

function Credentials({ heading, busy, slow, onSubmit }: CredentialsProps) {
  const ids = useId()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit(email, password)
  }
  return (
    <form onSubmit={submit} aria-label="Your account">
      {heading && <h2>Your account</h2>}
      <label className="field" htmlFor={`${ids}-email`}>
        E-mail
        <TextField.Root
          id={`${ids}-email`}
          type="email"
          autoComplete="username"
          required
          maxLength={320}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <label className="field" htmlFor={`${ids}-password`}>
        Password
        <TextField.Root
          id={`${ids}-password`}
          type="password"
          autoComplete="current-password"
          required
          maxLength={1024}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={busy}>
        {slow ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}
