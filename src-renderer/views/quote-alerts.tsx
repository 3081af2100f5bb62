import { useCallback } from 'react'
import type { AlertRule } from '../../domain/alert-rule.ts'
import type { AlertDecision } from '../../domain/alert-state.ts'
import type { Person } from '../../domain/directory.ts'
import type { CalendarView, SettingsView } from '../../domain/rpc/alerts.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { useData, useDesk, useServerNowMs } from '../app/desk-context.tsx'
import { useEngineRead } from '../app/use-engine-read.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { Shape } from '../parts/shape.tsx'
import { nextAlertOf } from '../state/next-alert.ts'
import { aheadWords, calendarWords, decisionLook, decisionReason, ruleNameOf, ruleWords } from '../words/alerts.ts'
import { fullMoment, momentWords } from '../words/dates.ts'

interface Answer {
  decisions: readonly AlertDecision[]
  settings: SettingsView
  calendar: CalendarView
}

/** Why did I (not) get this? Every decision about the quote, and what comes next. */
export function QuoteAlerts({ detail }: { detail: QuoteDetail }) {
  const { view } = useDesk()
  const { id } = detail.quote
  const read = useCallback(
    async (client: EngineClient, options: { signal: AbortSignal }): Promise<Answer> => {
      const [{ decisions }, settings, calendar] = await Promise.all([
        client.alerts.why({ quote: id }, options),
        client.settings.get(undefined, options),
        client.calendar.get(undefined, options),
      ])
      return { decisions, settings, calendar }
    },
    [id],
  )
  const { value, problem } = useEngineRead(read)
  const session = useData((data) => data.session)
  if (problem !== null) return <p className="pane-empty">What was decided could not be read: {problem}</p>
  if (value === null || session?.state !== 'signed_in') return <span className="bone wide" />
  const rules = [...value.settings.effective_rules, ...value.settings.workspace_rules]
  return (
    <>
      <h3>Why did I (not) get an alert?</h3>
      <Next detail={detail} answer={value} me={session.person} />
      {value.decisions.length > 0 && (
        <ol className="why-list" aria-label="Decisions" reversed>
          {value.decisions.map((decision) => (
            <Decision key={decision.n} decision={decision} rules={rules} />
          ))}
        </ol>
      )}
      <p className="pane-note">
        <button type="button" className="link" onClick={() => view.goSettings('rules')}>
          Change what I am told of
        </button>
      </p>
    </>
  )
}

/** What comes true next by itself; what others do cannot be foretold. */
function Next({ detail, answer, me }: { detail: QuoteDetail; answer: Answer; me: Person }) {
  const nowMs = useServerNowMs()
  const nothing = answer.decisions.length === 0
  const next = nextAlertOf(detail.quote, me, answer.settings.effective_rules, answer.calendar, nowMs)
  return (
    <div className="why-next">
      {nothing && <p>Nothing has been decided about this quote yet.</p>}
      {next.kind === 'closed' && <p className="quiet">It is closed: nothing more comes true by itself.</p>}
      {next.kind === 'not_mine' && (
        <p className="quiet">
          It is {detail.owner?.name ?? 'somebody else'}’s, and your rules are about quotes of yours.
        </p>
      )}
      {next.kind === 'none' && <p className="quiet">No rule of yours comes true by itself as the quote stands.</p>}
      {next.kind === 'rule' && (
        <p>
          Next: {ruleWords(next.rule)}
          <span className="quiet">
            {' '}
            · comes true {aheadWords(next.due_at, nowMs, next.time_zone)}
            {next.told_at !== next.due_at &&
              `, told when your hours begin, ${aheadWords(next.told_at, nowMs, next.time_zone)}`}
          </span>
        </p>
      )}
    </div>
  )
}

function Decision({ decision, rules }: { decision: AlertDecision; rules: readonly AlertRule[] }) {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  const look = decisionLook(decision)
  const reason = decisionReason(decision)
  return (
    <li>
      <Shape shape={look.shape} />
      <div>
        <p>
          <strong>{look.text}</strong>{' '}
          <time className="quiet" dateTime={decision.at} title={fullMoment(decision.at, timeZone)}>
            {momentWords(decision.at, nowMs, timeZone)}
          </time>
        </p>
        <p>{ruleNameOf(decision.rule, rules)}</p>
        {reason !== null && <p className="selectable">{reason}</p>}
        <p className="quiet">{calendarWords(decision, nowMs)}</p>
      </div>
    </li>
  )
}
