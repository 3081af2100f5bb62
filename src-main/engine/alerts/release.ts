import type { Alert } from '../../../domain/alert-state.ts'
import { breaksHours, reach } from '../../../domain/presence.ts'
import { readAlertsOf, readReleasable, readWaiting } from '../cache/alert-store.ts'
import type { Cache } from '../cache/open-cache.ts'
import { appendMarks } from '../cache/outbox-own.ts'
import type { WritableDb } from '../cache/sql.ts'
import { decide, isOpenNow, type Judging } from './context.ts'
import { judge, type Verdict } from './judge.ts'
import { type Showing, textOf } from './toast-text.ts'

/** What is to become of one alert that could be told by now. */
type Fate =
  | { fate: 'cancel'; reason: string }
  | { fate: 'later'; release_at: string; reason: string }
  | { fate: 'wait'; reason: string }
  | { fate: 'list'; showing: Showing }
  | { fate: 'show'; showing: Showing; place: 'native' | 'in_app' }

/**
 * I18: judges what may be told by now once more, and writes down what is not to be told. @returns what is to be shown
 * @param isBusy it is on its way already
 */
export function release(
  cache: Cache,
  judging: Judging,
  isBusy: (key: string) => boolean,
): Record<'native' | 'in_app', Showing[]> {
  const shown: Record<'native' | 'in_app', Showing[]> = { native: [], in_app: [] }
  const decided: { alert: Alert; fate: Exclude<Fate, { fate: 'show' }> }[] = []
  for (const alert of readReleasable(cache.read, judging.now)) {
    if (isBusy(alert.key)) continue
    const fate = fateOf(cache, judging, alert)
    if (fate.fate === 'show') shown[fate.place].push(fate.showing)
    else if (fate.fate !== 'wait' || fate.reason !== alert.reason) decided.push({ alert, fate })
  }
  if (decided.length > 0) {
    cache.transact((db) => {
      for (const { alert, fate } of decided) settle(db, judging, alert, fate)
    })
  }
  return shown
}

function fateOf(cache: Cache, judging: Judging, alert: Alert): Fate {
  const verdict = judge(cache.read, alert, judging.plan)
  if (!verdict.holds) return { fate: 'cancel', reason: verdict.reason }
  const { rule, quote } = verdict
  if (!isOpenNow(judging) && !breaksHours(rule, judging.person)) {
    const { release_at, reason } = judging.later
    // Due in hours but asleep until after them: the next opening, not now.
    return { fate: 'later', release_at, reason: `working hours were over when it could be shown: ${reason}` }
  }
  const reached = reach(rule, judging.presence, judging.person)
  if (reached.decision === 'wait') return { fate: 'wait', reason: reached.reason }
  const text = toldText(alert) ?? textOf(cache.read, judging, alert, rule, quote)
  if (text === null) return { fate: 'cancel', reason: 'there is nothing to tell' }
  const showing = { alert, rule, quote, text }
  return reached.place === 'list' ? { fate: 'list', showing } : { fate: 'show', showing, place: reached.place }
}

/** Of what another person's alert became, the words are those that it came with. */
const toldText = ({ kind, title, body }: Alert) =>
  kind === 'escalation' ? { title: title ?? '', body: body ?? '' } : null

function settle(db: WritableDb, judging: Judging, alert: Alert, fate: Exclude<Fate, { fate: 'show' }>): void {
  switch (fate.fate) {
    case 'cancel':
      decide(db, judging, alert, { state: 'cancelled', toast: null, reason: fate.reason }, 'cancelled')
      return
    case 'later':
      decide(db, judging, alert, { release_at: fate.release_at, reason: fate.reason }, 'held')
      return
    case 'wait':
      decide(db, judging, alert, { reason: fate.reason }, 'held')
      return
    case 'list': {
      const told = { ...fate.showing.text, shown_at: alert.shown_at ?? judging.now }
      const reason = 'listed in the app, as its rule says'
      decide(db, judging, alert, { ...told, state: 'shown', toast: null, reason }, 'shown')
      appendMarks(db, [alert.key], { mark: 'shown' }, judging.now)
    }
  }
}

/** What waits is cancelled as soon as its quote says so, not only when it would be told. Null: any quote may have changed. */
export function judgeWaiting(
  cache: Cache,
  judging: Judging,
  quotes: ReadonlySet<string> | null,
  isBusy: (key: string) => boolean,
): void {
  const waiting = quotes ? [...quotes].flatMap((quote) => readAlertsOf(cache.read, quote)) : readWaiting(cache.read)
  const gone = waiting
    .filter(({ state, key }) => (state === 'held' || state === 'snoozed') && !isBusy(key))
    .map((alert) => ({ alert, verdict: judge(cache.read, alert, judging.plan) }))
    .filter((judged): judged is { alert: Alert; verdict: Extract<Verdict, { holds: false }> } => !judged.verdict.holds)
  if (gone.length === 0) return
  cache.transact((db) => {
    for (const { alert, verdict } of gone) settle(db, judging, alert, { fate: 'cancel', reason: verdict.reason })
  })
}
