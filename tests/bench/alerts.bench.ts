import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import Database from 'better-sqlite3'
import { Temporal } from 'temporal-polyfill'
import { type AlertRule, alertRuleSchema } from '../../domain/alert-rule.ts'
import { defaultAlertSettings } from '../../domain/alert-settings.ts'
import type { Person } from '../../domain/directory.ts'
import type { Toast, ToastChannel } from '../../domain/host/messages.ts'
import { toEpochMs, toInstantText } from '../../domain/time.ts'
import { createAlerts } from '../../src-main/engine/alerts/alerts.ts'
import { createNotifier } from '../../src-main/engine/alerts/notifier.ts'
import { readMeta, writeMeta } from '../../src-main/engine/cache/meta.ts'
import { openCache } from '../../src-main/engine/cache/open-cache.ts'
import { createCell } from '../../src-main/engine/cell.ts'
import { createLog } from '../../src-main/engine/log.ts'
import { createWindows } from '../../src-main/engine/windows.ts'
import { fillCache } from './support/filled-cache.ts'
import type { Measure } from './support/machine.ts'
import { median, round } from './support/statistics.ts'

/**
 * 100,000 open quotes of one person × 10 rules, judged after a night asleep: from the wake-up until everything that came
 * true is in the database and its toast is given to the host. The limit: bare SQL on a file with the same tables and as
 * much to write (one alert, two decisions and a new due instant each), found by one scan of the index of what is due.
 */
const count = 100_000
const nights = 5
const idleTicks = 500
const zone = 'Europe/Berlin'
const leads = [45, 30, 21, 14, 10, 7, 3, 1]

const rule = (given: object): AlertRule =>
  alertRuleSchema.parse({
    enabled: true,
    severity: 'normal',
    channel: 'both',
    break_through: false,
    scope: 'mine',
    ...given,
  })
const rules = [
  ...leads.map((days) => rule({ id: `expires-${days}`, kind: 'expires_in', days, count: 'calendar' })),
  rule({ id: 'expired', kind: 'expired' }),
  rule({ id: 'no-answer', kind: 'no_answer', days: 5, count: 'working' }),
]

/** Timers by hand: the bench says when a tick is. */
function handScheduler() {
  const due: Array<{ delayMs: number; run: () => void }> = []
  return {
    after: (delayMs: number, run: () => void) => {
      const timer = { delayMs, run }
      due.push(timer)
      return () => {
        const index = due.indexOf(timer)
        if (index !== -1) due.splice(index, 1)
      }
    },
    /** Runs what is due at once, and what that makes due, and so on. @returns what each turn took of the CPU, in ms */
    runAll: (withinMs: number, until: () => boolean = () => false) => {
      const turns: number[] = []
      while (!until()) {
        const index = due.findIndex(({ delayMs }) => delayMs <= withinMs)
        const [timer] = index === -1 ? [] : due.splice(index, 1)
        if (!timer) break
        turns.push(took(timer.run).cpuMs)
      }
      return turns
    },
  }
}

interface Took {
  ms: number
  /** Of this process alone: on a machine that others use, what the time would be. */
  cpuMs: number
}

const took = (work: () => void): Took => {
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  work()
  const ms = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMs: (user + system) / 1_000 }
}
const medianOf = (all: readonly Took[], what: keyof Took): number => median(all.map((one) => one[what]))

interface Raised {
  key: string
  quote: string
}

export const measure: Measure = async (progress) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-alerts-'))
  try {
    const file = path.join(folder, 'cache.db')
    progress(`filling a cache with ${count} quotes`)
    const person = fill(file)
    const cache = openCache(file)
    let nowMs = toEpochMs(`${Temporal.Now.plainDateISO('UTC').toString()}T12:00:00.000Z`)
    const scheduler = handScheduler()
    let shown: Toast[] = []
    const notifier = createNotifier({
      channel: createCell<ToastChannel>({ kind: 'native', via: 'dbus' }),
      windows: createWindows(),
      send: (message) => {
        if (message.kind !== 'show_toast') return
        shown.push(message.toast)
        notifier.event(message.toast.key, 'shown', null)
      },
    })
    const alerts = createAlerts({
      cache,
      person: () => person,
      clock: { nowMs: () => nowMs },
      scheduler,
      notifier,
      locale: 'en',
      log: createLog('error'),
      isUnsettled: () => false,
      settings: createCell({ ...defaultAlertSettings, workspace: { rules, calendars: {} } }),
    })
    const isPlanned = () => readMeta(cache.read, 'alert_plan') !== null
    let planTurns: number[] = []
    const plan = took(() => {
      alerts.start()
      planTurns = scheduler.runAll(3_000, isPlanned)
    })
    progress(`planning ${count} quotes anew: ${plan.ms.toFixed(0)} ms`)
    let firstTurns: number[] = []
    const first = took(() => {
      firstTurns = scheduler.runAll(3_000)
    })
    const seen = cache.read.value<number>('SELECT count(*) FROM alerts') ?? 0
    progress(`first look at everything (${seen} alerts): ${first.ms.toFixed(0)} ms`)
    const bareFile = path.join(folder, 'bare.db')
    copyTo(file, bareFile)

    const ours: Took[] = []
    const raised: Raised[][] = []
    const toasts: number[] = []
    for (let night = 0; night < nights; night += 1) {
      nowMs = nextMorning(nowMs)
      shown = []
      const before = cache.read.value<number>('SELECT max(n) FROM alerts') ?? 0
      alerts.wake()
      ours.push(took(() => scheduler.runAll(3_000)))
      raised.push(cache.read.all<Raised>('SELECT key, quote FROM alerts WHERE n > ?', before))
      toasts.push(shown.length)
    }
    const limit = bare(bareFile, raised)
    const alertsANight = median(raised.map((night) => night.length))
    progress(
      `a night: ours ${medianOf(ours, 'ms').toFixed(0)} ms (${medianOf(ours, 'cpuMs').toFixed(0)} of CPU) for ` +
        `${alertsANight} alerts, bare ${medianOf(limit, 'ms').toFixed(0)} ms (${medianOf(limit, 'cpuMs').toFixed(0)})`,
    )

    const heapBefore = heapInUse()
    const cpuBefore = process.cpuUsage()
    for (let tick = 0; tick < idleTicks; tick += 1) {
      nowMs += 30_000
      scheduler.runAll(30_000 - 1)
      alerts.wake()
      scheduler.runAll(3_000)
    }
    const { user, system } = process.cpuUsage(cpuBefore)
    const idleMs = (user + system) / 1_000 / idleTicks
    const heapMb = (heapInUse() - heapBefore) / 1e6
    alerts.stop()
    cache.close()
    return {
      ours: {
        quotes: count,
        rules: rules.length,
        night_ms: round(medianOf(ours, 'ms')),
        night_cpu_ms: round(medianOf(ours, 'cpuMs')),
        alerts_a_night: alertsANight,
        toasts_a_night: median(toasts),
        plan_anew_ms: round(plan.ms),
        plan_anew_cpu_ms: round(plan.cpuMs),
        first_look_ms: round(first.ms),
        first_look_cpu_ms: round(first.cpuMs),
        first_alerts: seen,
        plan_turn_cpu_ms: round(median(planTurns)),
        plan_longest_turn_cpu_ms: round(Math.max(...planTurns)),
        first_look_turn_cpu_ms: round(median(firstTurns)),
        first_look_longest_turn_cpu_ms: round(Math.max(...firstTurns)),
        idle_tick_cpu_ms: round(idleMs),
        idle_cpu_percent: round((idleMs / 30_000) * 100),
        heap_growth_of_500_ticks_mb: round(heapMb),
      },
      baseline: { night_ms: round(medianOf(limit, 'ms')), night_cpu_ms: round(medianOf(limit, 'cpuMs')) },
      ratio: {
        time: round(medianOf(ours, 'ms') / medianOf(limit, 'ms')),
        cpu: round(medianOf(ours, 'cpuMs') / medianOf(limit, 'cpuMs')),
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Every quote open and of one person; dates as in the other benches. */
function fill(file: string): Person {
  const { cache, workspace } = fillCache(file, count)
  const [person] = workspace.people
  if (!person) throw new Error('a workspace without people')
  cache.transact((db) => {
    db.run(
      `UPDATE quotes SET owner_id = ?, status = 'sent', stage = 2, outcome = NULL, closed_at = NULL, sent_at = created_at`,
      person.id,
    )
    writeMeta(db, 'first_sync_done', '2020-01-01T00:00:00.000Z')
  })
  cache.close()
  return { ...person, time_zone: zone }
}

/** Ten in the morning (UTC) of the next day that is not of a weekend. */
function nextMorning(nowMs: number): number {
  let at = nowMs
  do at = toEpochMs(`${toInstantText(at + 86_400_000).slice(0, 10)}T10:00:00.000Z`)
  while (Temporal.PlainDate.from(toInstantText(at).slice(0, 10)).dayOfWeek > 5)
  return at
}

/** Bytes that are still needed, garbage taken away. */
function heapInUse(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** A copy with all that is in it, for the limit to work on. */
function copyTo(file: string, target: string): void {
  const db = new Database(file, { readonly: true })
  db.prepare('VACUUM INTO ?').run(target)
  db.close()
}

/** The same rows by hand on the same file, one transaction for raising and one for showing, as durable. */
function bare(file: string, nightly: readonly Raised[][]): Took[] {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('cache_size = -65536')
  const readDue = db.prepare('SELECT quote FROM alert_due WHERE due_ms <= ?').pluck()
  const next = db.prepare('UPDATE alert_due SET due_ms = ? WHERE quote = ?')
  const at = '2026-03-04T10:00:00.000Z'
  const insert = db.prepare(
    `INSERT INTO alerts (key, quote, rule, kind, occasion, severity, state, due_at, release_at, decided_at, reason)
     VALUES (?, ?, 'expires-7', 'expires_in', '2026-03-11', 'normal', 'held', '${at}', '${at}', '${at}', 'due')`,
  )
  const show = db.prepare(`UPDATE alerts SET state = 'shown', shown_at = '${at}', toast = ? WHERE key = ?`)
  const log = db.prepare(
    `INSERT INTO alert_log (key, quote, rule, at, time_zone, decision, reason)
     VALUES (?, ?, 'expires-7', '${at}', 'Europe/Berlin', ?, 'due')`,
  )
  const farMs = toEpochMs('2100-01-01T00:00:00.000Z')
  const times = nightly.map((raised) =>
    took(() => {
      readDue.all(0)
      db.transaction(() => {
        for (const { key, quote } of raised) {
          insert.run(key, quote)
          log.run(key, quote, 'held')
          next.run(farMs, quote)
        }
      })()
      db.transaction(() => {
        for (const { key, quote } of raised) {
          show.run('summary', key)
          log.run(key, quote, 'shown')
        }
      })()
    }),
  )
  db.close()
  return times
}
