import { Button } from '@radix-ui/themes'
import { useState } from 'react'
import { toast } from 'sonner'
import { type AlertPolicy, alertPolicySchema } from '../../domain/alert-policy.ts'
import type { RuleKind } from '../../domain/alert-rule.ts'
import type { PolicyView } from '../../domain/rpc/alerts.ts'
import type { Session } from '../../domain/rpc/session.ts'
import { useDesk, useDirectory } from '../app/desk-context.tsx'
import { type EngineRead, useEngineRead } from '../app/use-engine-read.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { newRule, replaced } from '../state/alert-rules.ts'
import { problemWords } from '../words/refusals.ts'
import { PolicyNumbers } from './settings-policy.tsx'
import { RuleFields } from './settings-rule.tsx'
import { AddRule } from './settings-rules.tsx'
import { SettingsSection, SettingsWait, Standing } from './settings-section.tsx'
import { TeamCalendars } from './settings-team-calendars.tsx'

type SignedIn = Extract<Session, { state: 'signed_in' }>

const readPolicy = (client: EngineClient, options: { signal: AbortSignal }) => client.policy.get(undefined, options)

/** What holds for everybody in the workspace; only for those who may decide it. */
export function SettingsEverybody({ session }: { session: SignedIn }) {
  const { value, problem }: EngineRead<PolicyView> = useEngineRead(readPolicy)
  if (value === null) return <SettingsWait problem={problem} />
  return <Policy view={value} workspace={session.workspace?.name ?? 'the workspace'} />
}

/** A form that was begun: what is in it, and the version it was begun from. */
interface Draft {
  policy: AlertPolicy
  version: number
}

function Policy({ view, workspace }: { view: PolicyView; workspace: string }) {
  const { engine } = useDesk()
  const { currencies } = useDirectory()
  const [draft, setDraft] = useState<Draft | null>(null)
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const policy = draft?.policy ?? view.policy
  const set = (change: Partial<AlertPolicy>) =>
    setDraft({ policy: { ...policy, ...change }, version: draft?.version ?? view.version })
  const changed = draft !== null && JSON.stringify(draft.policy) !== JSON.stringify(view.policy)
  const overtaken = changed && draft.version !== view.version
  const checked = alertPolicySchema.safeParse(policy)
  const save = async () => {
    if (draft === null || !checked.success) return
    setSaving(true)
    setProblem(null)
    try {
      await engine().policy.save({ base_version: draft.version, policy: checked.data })
      setDraft(null)
      toast(`Saved for everybody in ${workspace}`, { duration: 4_000 })
    } catch (error) {
      setProblem(problemWords(error))
    } finally {
      setSaving(false)
    }
  }
  const add = (kind: RuleKind) =>
    set({
      rules: [
        ...policy.rules,
        newRule(
          kind,
          policy.rules.map(({ id }) => id),
          currencies[0] ?? 'EUR',
        ),
      ],
    })
  return (
    <>
      <p className="banner for-all" role="note">
        <span>
          <strong>For everybody in {workspace}.</strong>{' '}
          {view.refusal ?? 'Each person may still change a rule for themselves. It is saved when you say so.'}
        </span>
      </p>
      <fieldset className="policy-fields" disabled={view.refusal !== null}>
        <SettingsSection title="Rules">
          <ul className="rules">
            {policy.rules.map((rule) => (
              <RuleFields
                key={rule.id}
                rule={rule}
                onChange={(next) => set({ rules: replaced(policy.rules, rule.id, next) })}
                onRemove={() => set({ rules: replaced(policy.rules, rule.id, null) })}
              />
            ))}
          </ul>
          <AddRule onAdd={add} />
        </SettingsSection>
        <TeamCalendars calendars={policy.calendars} onChange={(calendars) => set({ calendars })} />
        <PolicyNumbers policy={policy} onChange={set} />
      </fieldset>
      <div className="settings-foot">
        {overtaken && (
          <p className="banner" role="alert">
            <span>Somebody else changed these settings meanwhile. Saving yours replaces theirs.</span>
            <span className="notice-buttons">
              <Button size="1" variant="soft" color="gray" onClick={() => setDraft(null)}>
                Take theirs
              </Button>
              <Button size="1" variant="soft" onClick={() => setDraft({ policy, version: view.version })}>
                Keep mine
              </Button>
            </span>
          </p>
        )}
        {problem !== null && (
          <p className="field-error" role="alert">
            Not saved: {problem} What you changed is still here.
          </p>
        )}
        <div className="settings-save">
          <Button disabled={!changed || overtaken || saving || !checked.success} onClick={() => void save()}>
            {saving ? 'Saving…' : 'Save for everybody'}
          </Button>
          {draft !== null && (
            <Button variant="soft" color="gray" disabled={saving} onClick={() => setDraft(null)}>
              Discard changes
            </Button>
          )}
          <Standing standing={view.standing} />
        </div>
      </div>
    </>
  )
}
