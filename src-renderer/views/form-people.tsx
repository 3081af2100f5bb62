import { useFormContext, useWatch } from 'react-hook-form'
import type { Person } from '../../domain/directory.ts'
import { useDirectory } from '../app/desk-context.tsx'
import { mayMakeForOthers, possibleOwners, writableTeams } from '../form/people.ts'
import type { QuoteFormValues } from '../form/values.ts'
import { FormField } from './form-field.tsx'

/** Whose a new quote is. Another's only where the person may give quotes to others. */
export function PeopleFields({ me }: { me: Person }) {
  const { register, control, setValue, formState } = useFormContext<QuoteFormValues>()
  const { teams, people } = useDirectory()
  const [teamId, ownerId] = useWatch({ control, name: ['team_id', 'owner_id'] })
  const choices = writableTeams(teams, me)
  const forOthers = mayMakeForOthers(me, teamId)
  const owners = forOthers ? possibleOwners(people, teamId) : [me]
  const ownerListed = owners.some(({ id }) => id === ownerId)
  return (
    <>
      <FormField label="Team" error={formState.errors.team_id?.message}>
        {(props) => (
          <select
            {...props}
            {...register('team_id', {
              // The owner has to belong to the team: it is one's own again until another is chosen.
              onChange: () => setValue('owner_id', me.id),
            })}
            className="input"
          >
            {choices.map((team) => (
              <option key={team.id} value={team.id}>
                {team.name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <FormField
        label="Owner"
        error={formState.errors.owner_id?.message}
        hint={!forOthers && <p className="quiet">Managers make quotes for others, too</p>}
      >
        {(props) => (
          <select {...props} {...register('owner_id')} className="input" disabled={!forOthers}>
            {!ownerListed && <option value={ownerId}>{me.name} (me)</option>}
            {owners.map((person) => (
              <option key={person.id} value={person.id}>
                {person.id === me.id ? `${person.name} (me)` : person.name}
              </option>
            ))}
          </select>
        )}
      </FormField>
    </>
  )
}
