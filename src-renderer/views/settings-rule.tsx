import { Switch } from '@radix-ui/themes'
import { useId, useState } from 'react'
import { toast } from 'sonner'
import { type AlertRule, alertChannelSchema, alertRuleSchema, severities } from '../../domain/alert-rule.ts'
import { useDesk, useDirectory } from '../app/desk-context.tsx'
import { tellRefusal } from '../app/told-change.ts'
import { amountText, readAmount } from '../form/amounts.ts'
import { SeverityMark } from '../parts/severity-mark.tsx'
import { channelWords, ruleSummary, ruleWords, severityWords } from '../words/alerts.ts'

interface Props {
  rule: AlertRule
  onChange: (rule: AlertRule) => void
  /** Back to how the workspace has it; null when it is so. Not given: there is nothing to go back to. */
  onReset?: (() => void) | null
  onRemove?: () => void
  canTest?: boolean
}

/** One rule in words, and the fields that its kind has. */
export function RuleFields({ rule, onChange, onReset, onRemove, canTest = false }: Props) {
  const nameId = useId()
  const fieldsId = useId()
  const [open, setOpen] = useState(false)
  const set = (change: Record<string, unknown>) => {
    const parsed = alertRuleSchema.safeParse({ ...rule, ...change })
    if (parsed.success) onChange(parsed.data)
  }
  const one = { rule, set, nameId }
  return (
    <li className="rule" data-off={!rule.enabled} aria-labelledby={nameId} data-rule={rule.id}>
      <div className="rule-head">
        <Switch
          size="1"
          aria-labelledby={nameId}
          checked={rule.enabled}
          onCheckedChange={(enabled) => set({ enabled })}
        />
        <span id={nameId} className="rule-name">
          {ruleWords(rule)}
          {rule.enabled && !open && <span className="rule-summary quiet">{ruleSummary(rule)}</span>}
        </span>
        <span className="rule-buttons">
          {onReset !== undefined && onReset !== null && (
            <>
              <button type="button" className="link" onClick={onReset}>
                As the workspace
              </button>
            </>
          )}
          {canTest && <TestButton rule={rule} nameId={nameId} />}
          {rule.enabled && (
            <button
              type="button"
              className="link"
              aria-expanded={open}
              aria-controls={fieldsId}
              aria-label={`${open ? 'Done changing' : 'Change'}: ${ruleWords(rule)}`}
              onClick={() => setOpen(!open)}
            >
              {open ? 'Done' : 'Change'}
            </button>
          )}
          {onRemove !== undefined && (
            <button type="button" className="link" onClick={onRemove}>
              Remove
            </button>
          )}
        </span>
      </div>
      {rule.enabled && open && (
        <div id={fieldsId} className="rule-fields">
          <OfKind {...one} />
          <label>
            <span className="rule-label">Severity</span>
            <SeverityMark severity={rule.severity} />
            <select
              className="select"
              value={rule.severity}
              onChange={(event) => set({ severity: event.target.value })}
            >
              {severities.map((severity) => (
                <option key={severity} value={severity}>
                  {severityWords[severity]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span className="rule-label">Told by</span>
            <select className="select" value={rule.channel} onChange={(event) => set({ channel: event.target.value })}>
              {alertChannelSchema.options.map((channel) => (
                <option key={channel} value={channel}>
                  {channelWords[channel]}
                </option>
              ))}
            </select>
          </label>
          {rule.kind !== 'day_summary' && rule.kind !== 'assigned' && (
            <label>
              <span className="rule-label">About</span>
              <select className="select" value={rule.scope} onChange={(event) => set({ scope: event.target.value })}>
                <option value="mine">my quotes</option>
                <option value="teams">quotes of my teams</option>
              </select>
            </label>
          )}
          <label>
            <input
              type="checkbox"
              checked={rule.break_through}
              onChange={(event) => set({ break_through: event.target.checked })}
            />
            May break through
          </label>
        </div>
      )}
    </li>
  )
}

interface FieldProps {
  rule: AlertRule
  set: (change: Record<string, unknown>) => void
}

function OfKind({ rule, set }: FieldProps) {
  if (rule.kind === 'expires_in' || rule.kind === 'no_answer') {
    return (
      <span className="rule-pair">
        <NumberBox
          label="Days"
          value={rule.days}
          min={rule.kind === 'no_answer' ? 1 : 0}
          max={365}
          onChange={(days) => set({ days })}
        />
        <select
          className="select"
          aria-label="Which days"
          value={rule.count}
          onChange={(event) => set({ count: event.target.value })}
        >
          <option value="calendar">calendar days</option>
          <option value="working">working days</option>
        </select>
      </span>
    )
  }
  if (rule.kind === 'value_changed') {
    return (
      <span className="rule-pair">
        <span className="rule-label">More than</span>
        <NumberBox label="Percent" value={rule.percent} min={0} max={1_000} onChange={(percent) => set({ percent })} />%
      </span>
    )
  }
  return rule.kind === 'big_quote' ? <Amount rule={rule} set={set} /> : null
}

function Amount({ rule, set }: FieldProps & { rule: Extract<AlertRule, { kind: 'big_quote' }> }) {
  const { currencies } = useDirectory()
  const [text, setText] = useState<string | null>(null)
  const read = text === null ? null : readAmount(text, rule.currency)
  const leave = () => {
    if (read?.ok) {
      set({ amount_minor: read.value })
      setText(null)
    }
  }
  return (
    <span className="rule-pair">
      <span className="rule-label">From</span>
      <input
        className="input amount-box"
        data-end
        aria-label="Amount"
        aria-invalid={read !== null && !read.ok ? true : undefined}
        title={read !== null && !read.ok ? read.problem : undefined}
        inputMode="decimal"
        value={text ?? amountText(rule.amount_minor, rule.currency)}
        onChange={(event) => setText(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => event.key === 'Enter' && leave()}
      />
      <select
        className="select"
        aria-label="Currency"
        value={rule.currency}
        onChange={(event) => set({ currency: event.target.value })}
      >
        {[...new Set([rule.currency, ...currencies])].map((currency) => (
          <option key={currency} value={currency}>
            {currency}
          </option>
        ))}
      </select>
    </span>
  )
}

interface NumberProps {
  label: string
  value: number
  min: number
  max: number
  onChange: (value: number) => void
}

/** A whole number, taken when it is left, so that half a number is never saved. */
export function NumberBox({ label, value, min, max, onChange }: NumberProps) {
  const [text, setText] = useState<string | null>(null)
  const number = text === null ? value : /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN
  const fits = number >= min && number <= max
  const leave = () => {
    if (text === null || !fits) return
    setText(null)
    if (number !== value) onChange(number)
  }
  return (
    <input
      className="input number-box"
      data-end
      aria-label={label}
      aria-invalid={fits ? undefined : true}
      title={fits ? undefined : `A whole number from ${min} to ${max}`}
      inputMode="numeric"
      value={text ?? String(value)}
      onChange={(event) => setText(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => event.key === 'Enter' && leave()}
    />
  )
}

/** Raises a sample, to see and hear what it would be like. */
function TestButton({ rule, nameId }: { rule: AlertRule; nameId: string }) {
  const { engine } = useDesk()
  const id = useId()
  const run = async () => {
    try {
      await engine().alerts.test({ rule: rule.id })
      if (rule.channel === 'in_app') toast('A sample was raised', { duration: 4_000 })
    } catch (error) {
      tellRefusal('The sample could not be shown', error)
    }
  }
  if (!rule.enabled) return null
  return (
    <button id={id} type="button" className="link" aria-labelledby={`${id} ${nameId}`} onClick={() => void run()}>
      Test
    </button>
  )
}
