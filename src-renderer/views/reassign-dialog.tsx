import { Button, Dialog } from '@radix-ui/themes'
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react'
import { quoteLabel } from '../../domain/ids.ts'
import { permissionsIn } from '../../domain/permissions.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { useData, useDesk, useDirectory, useUi } from '../app/desk-context.tsx'
import { tellChange } from '../app/told-change.ts'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { possibleOwners } from '../form/people.ts'
import { problemWords } from '../words/refusals.ts'

/** Gives a quote to somebody else, in its team or another one. */
export function ReassignDialog() {
  const { ui } = useDesk()
  const detail = useUi((state) => state.reassigning)
  const focus = useDialogFocus()
  const close = () => ui.setState({ reassigning: null })
  return (
    <Dialog.Root open={detail !== null} onOpenChange={(open) => !open && close()}>
      <Dialog.Content className="small-dialog" size="2" aria-describedby={undefined} {...focus}>
        {detail !== null && <ReassignForm detail={detail} onDone={close} />}
      </Dialog.Content>
    </Dialog.Root>
  )
}

function ReassignForm({ detail: { quote, owner, team }, onDone }: { detail: QuoteDetail; onDone: () => void }) {
  const desk = useDesk()
  const { teams, people } = useDirectory()
  const me = useData(({ session }) => (session?.state === 'signed_in' ? session.person : null))
  const [teamId, setTeamId] = useState(quote.team_id)
  const [ownerId, setOwnerId] = useState(quote.owner_id)
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const id = useId()
  const label = quoteLabel(quote)
  const owners = possibleOwners(people, teamId)
  const same = teamId === quote.team_id && ownerId === quote.owner_id
  const chosen = owners.find((person) => person.id === ownerId)
  const outOfSight = me !== null && !permissionsIn(me.memberships, teamId).has('quotes:read')
  const chooseTeam = (next: string) => {
    setTeamId(next)
    const stays = possibleOwners(people, next).some((person) => person.id === ownerId)
    if (!stays) setOwnerId('')
  }
  const submit = async () => {
    if (same || chosen === undefined || saving) return
    setSaving(true)
    try {
      const { entry } = await desk.engine().quotes.reassign({ id: quote.id, team_id: teamId, owner_id: ownerId })
      onDone()
      const inTeam =
        teamId === quote.team_id ? '' : `, ${teams.find((other) => other.id === teamId)?.name ?? 'another team'}`
      tellChange(desk, entry, `${label} now belongs to ${chosen.name}${inTeam}`)
    } catch (error) {
      setSaving(false)
      setProblem(problemWords(error))
    }
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void submit()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) onSubmit(event)
  }
  return (
    <form onSubmit={onSubmit}>
      <Dialog.Title size="3">Reassign {label}</Dialog.Title>
      <p className="quiet">
        Now {owner?.name ?? 'unknown owner'}, {team?.name ?? 'unknown team'}
      </p>
      <div className="form-grid dialog-grid">
        <label className="form-field" htmlFor={`${id}-team`}>
          <span>Team</span>
          <select
            id={`${id}-team`}
            className="input"
            value={teamId}
            onKeyDown={onKeyDown}
            onChange={(event) => chooseTeam(event.target.value)}
          >
            {teams.map((other) => (
              <option key={other.id} value={other.id}>
                {other.name}
              </option>
            ))}
          </select>
        </label>
        <label className="form-field" htmlFor={`${id}-owner`}>
          <span>Owner</span>
          <select
            id={`${id}-owner`}
            className="input"
            value={ownerId}
            onKeyDown={onKeyDown}
            onChange={(event) => setOwnerId(event.target.value)}
          >
            {chosen === undefined && <option value={ownerId}>Choose an owner</option>}
            {owners.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {owners.length === 0 && <p className="field-error">Nobody of that team may write quotes: choose another team.</p>}
      {outOfSight && (
        <p className="banner" role="note">
          You are not in that team: once it is moved, you will no longer see this quote.
        </p>
      )}
      {problem !== null && (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
      <div className="dialog-buttons">
        <Dialog.Close>
          <Button type="button" variant="soft" color="gray">
            Cancel
          </Button>
        </Dialog.Close>
        <Button type="submit" disabled={same || chosen === undefined || saving}>
          Reassign
        </Button>
      </div>
    </form>
  )
}
