import type { AlertPolicy } from '../../domain/alert-policy.ts'
import { defaultAlertPolicy } from '../../domain/alert-policy.ts'
import { severities, severitySchema } from '../../domain/alert-rule.ts'
import { severityWords } from '../words/alerts.ts'
import { NumberBox } from './settings-rule.tsx'
import { SettingsSection } from './settings-section.tsx'

interface Props {
  policy: AlertPolicy
  onChange: (change: Partial<AlertPolicy>) => void
}

const usualEscalation = { after_working_hours: 8, least_severity: 'high' } as const

/** What the server does by itself. */
export function PolicyNumbers({ policy, onChange }: Props) {
  const { auto_close_after_days: days, escalation } = policy
  const set = (change: Partial<NonNullable<typeof escalation>>) =>
    onChange({ escalation: { ...usualEscalation, ...escalation, ...change } })
  return (
    <SettingsSection title="What the server does by itself">
      <div className="policy-line">
        <label className="check-line">
          <input
            type="checkbox"
            checked={days !== null}
            onChange={(event) =>
              onChange({
                auto_close_after_days: event.target.checked ? (defaultAlertPolicy.auto_close_after_days ?? 14) : null,
              })
            }
          />
          Close open quotes as expired
        </label>
        {days !== null && (
          <span className="rule-pair">
            <NumberBox
              label="Days after the valid-until date"
              value={days}
              min={1}
              max={365}
              onChange={(next) => onChange({ auto_close_after_days: next })}
            />
            days after they ran out
          </span>
        )}
      </div>
      <div className="policy-line">
        <label className="check-line">
          <input
            type="checkbox"
            checked={escalation !== null}
            onChange={(event) => onChange({ escalation: event.target.checked ? { ...usualEscalation } : null })}
          />
          Pass alerts on to the team’s managers when nobody acknowledges them
        </label>
        {escalation !== null && (
          <span className="rule-pair">
            within
            <NumberBox
              label="Working hours until it is passed on"
              value={escalation.after_working_hours}
              min={1}
              max={80}
              onChange={(after_working_hours) => set({ after_working_hours })}
            />
            working hours, from
            <select
              className="select"
              aria-label="Least severity that is passed on"
              value={escalation.least_severity}
              onChange={(event) => set({ least_severity: severitySchema.parse(event.target.value) })}
            >
              {severities.map((severity) => (
                <option key={severity} value={severity}>
                  {severityWords[severity]}
                </option>
              ))}
            </select>
            on
          </span>
        )}
      </div>
    </SettingsSection>
  )
}
