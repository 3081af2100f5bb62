import { Button, DropdownMenu } from '@radix-ui/themes'
import { Plus } from 'lucide-react'
import { type AlertRule, type RuleKind, ruleIdSchema } from '../../domain/alert-rule.ts'
import type { SettingsView } from '../../domain/rpc/alerts.ts'
import { useDirectory } from '../app/desk-context.tsx'
import { type AlertSettingsDoor, useAlertSettings } from '../app/use-alert-settings.ts'
import { MenuContent } from '../parts/menu-content.tsx'
import { newRule, overriddenRule, withOverride, withOwnRule } from '../state/alert-rules.ts'
import { alertKinds, kindWords } from '../words/alerts.ts'
import { RuleFields } from './settings-rule.tsx'
import { SettingsSection, SettingsWait, Standing } from './settings-section.tsx'

const ruleKinds = alertKinds.filter((kind): kind is RuleKind => kind !== 'escalation')

/** The workspace's rules as this person wants them, and their own. What is changed is saved at once. */
export function SettingsRules() {
  const door = useAlertSettings()
  if (door.value === null) return <SettingsWait problem={door.problem} />
  return <Rules view={door.value} save={door.save} />
}

function Rules({ view, save }: { view: SettingsView; save: AlertSettingsDoor['save'] }) {
  const { settings, workspace_rules: shared, standing, problem } = view
  const { currencies } = useDirectory()
  const ids = [...shared, ...settings.rules].map(({ id }) => ruleIdSchema.parse(id))
  const add = (kind: RuleKind) =>
    void save({ ...settings, rules: [...settings.rules, newRule(kind, ids, currencies[0] ?? 'EUR')] }, 'Rule added')
  return (
    <>
      {problem !== null && (
        <p className="banner" role="alert">
          {problem} Until then the rule holds as the workspace wants it.
        </p>
      )}
      <SettingsSection
        title="Rules of the workspace"
        words="What you change here holds for you alone, on all your devices. It is saved at once."
      >
        <ul className="rules">
          {shared.map((rule) => (
            <RuleFields
              key={rule.id}
              rule={overriddenRule(rule, settings.overrides[rule.id])}
              canTest
              onChange={(changed) => void save(withOverride(settings, rule, changed))}
              onReset={
                settings.overrides[rule.id] === undefined
                  ? null
                  : () => void save(withOverride(settings, rule, rule), 'The rule holds for you as for everybody')
              }
            />
          ))}
        </ul>
      </SettingsSection>
      <SettingsSection title="Rules of my own" words="Beside those of the workspace; nobody else is told of them.">
        {settings.rules.length > 0 && (
          <ul className="rules">
            {settings.rules.map((rule: AlertRule) => (
              <RuleFields
                key={rule.id}
                rule={rule}
                canTest
                onChange={(changed) => void save(withOwnRule(settings, rule.id, changed))}
                onRemove={() => void save(withOwnRule(settings, rule.id, null), 'Rule removed')}
              />
            ))}
          </ul>
        )}
        <AddRule onAdd={add} />
        <Standing standing={standing} />
      </SettingsSection>
    </>
  )
}

export function AddRule({ onAdd }: { onAdd: (kind: RuleKind) => void }) {
  return (
    <div>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger>
          <Button size="1" variant="soft" color="gray">
            <Plus size={13} aria-hidden="true" />
            Add a rule
          </Button>
        </DropdownMenu.Trigger>
        <MenuContent align="start">
          {ruleKinds.map((kind) => (
            <DropdownMenu.Item key={kind} onSelect={() => onAdd(kind)}>
              {kindWords(kind)}
            </DropdownMenu.Item>
          ))}
        </MenuContent>
      </DropdownMenu.Root>
    </div>
  )
}
