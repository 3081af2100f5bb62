import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBuilt } from '../build/ensure-built.ts'
import { projectRoot } from '../project-root.ts'
import { findElectronRuntime } from '../start/electron-runtime.ts'
import { coverageReport, rawCoverageDir } from './coverage.ts'
import { playwrightCounts, vitestCounts } from './reports.ts'
import type { Counts, Outcome } from './results.ts'
import { type CommandResult, runCommand, runTool } from './run-command.ts'
import type { System } from './system.ts'

export interface Stage {
  name: string
  /** What it proves, for the heading. */
  about: string
  run(system: System): Promise<Outcome>
}

const vitestCli = join('node_modules', 'vitest', 'vitest.mjs')
const playwrightCli = join('node_modules', '@playwright', 'test', 'cli.js')
const reportsDir = join(projectRoot, 'test-results')
/** Child processes and pages write there what they ran. */
const coverageEnv = { QUOTEDESK_COVERAGE: rawCoverageDir }
const leastCoveredPercent = 85
const minutes = (count: number) => count * 60_000

function judge(result: CommandResult, counts: Counts | null): Outcome {
  if (result.timedOut) return { kind: 'failed', counts, why: 'took too long and was ended' }
  if (result.code !== 0) return { kind: 'failed', counts, why: `exit code ${result.code}` }
  if (counts === null || counts.passed === 0) return { kind: 'failed', counts, why: 'no test ran' }
  return { kind: 'passed', counts }
}

async function vitest(name: string, args: readonly string[], boundMs: number): Promise<Outcome> {
  const report = join(reportsDir, `vitest-${name}.json`)
  await rm(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const result = await runTool(vitestCli, ['run', ...args, ...reporters], { boundMs, env: coverageEnv })
  return judge(result, await vitestCounts(report))
}

async function playwright(project: string, wrap: readonly string[], boundMs: number): Promise<Outcome> {
  const report = join(reportsDir, `playwright-${project}.json`)
  await rm(report, { force: true })
  const own = [playwrightCli, 'test', '--project', project]
  const [command, ...outer] = wrap
  const env = { PLAYWRIGHT_JSON: report, ...coverageEnv }
  const result =
    command === undefined
      ? await runTool(playwrightCli, own.slice(1), { boundMs, env })
      : await runCommand(command, [...outer, process.execPath, ...own], { boundMs, env })
  return judge(result, await playwrightCounts(report))
}

/** All parts of `npm test`, in order. Those that need something the machine lacks say so instead of passing. */
export const stages: readonly Stage[] = [
  {
    name: 'check',
    about: 'format, lint, types, layers, dead code',
    run: async () => {
      const { code } = await runTool(join('tools', 'check.mjs'), [], { boundMs: minutes(8) })
      return code === 0
        ? { kind: 'passed', counts: null }
        : { kind: 'failed', counts: null, why: 'see the check above' }
    },
  },
  {
    name: 'build',
    about: 'main, preload and renderer',
    run: async () => {
      const built = await ensureBuilt()
      return { kind: 'passed', counts: null, note: built ? 'built' : 'already built from these sources' }
    },
  },
  {
    name: 'unit',
    about: 'unit, contract and integration tests, with coverage',
    run: async () => {
      await mkdir(reportsDir, { recursive: true })
      await rm(rawCoverageDir, { recursive: true, force: true })
      const elsewhere = ['--exclude', 'tests/package/**', '--exclude', 'tests/shell/**']
      // A failing test must not hide what the others ran.
      return vitest('unit', ['--coverage', '--coverage.reportOnFailure=true', ...elsewhere], minutes(20))
    },
  },
  {
    name: 'e2e',
    about: 'the client in Chromium through the browser host, against a real server',
    run: async ({ chromium }) =>
      chromium === true ? playwright('e2e', [], minutes(20)) : { kind: 'not_run', reason: chromium },
  },
  {
    name: 'toast',
    about: 'a real notification daemon under Xvfb',
    run: async ({ chromium, desktop }) => {
      if (chromium !== true) return { kind: 'not_run', reason: chromium }
      if (desktop !== true) return { kind: 'not_run', reason: desktop }
      return playwright(
        'toast',
        ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24', 'dbus-run-session', '--'],
        minutes(8),
      )
    },
  },
  {
    name: 'shell',
    about: 'the built Electron main against a double of Electron',
    run: () => vitest('shell', ['tests/shell'], minutes(8)),
  },
  {
    name: 'package',
    about: 'what the package holds, on a stand-in for Electron’s runtime',
    run: () => vitest('package', ['tests/package'], minutes(10)),
  },
  {
    name: 'electron',
    about: 'the shell in a real Electron (Playwright _electron)',
    run: async () => {
      const runtime = findElectronRuntime(process.env)
      if (runtime.found) return playwright('electron', [], minutes(4))
      if (process.env['REQUIRE_ELECTRON'] === '1') {
        return { kind: 'failed', counts: null, why: `REQUIRE_ELECTRON=1, but ${runtime.reason}` }
      }
      return { kind: 'not_run', reason: `no Electron runtime: ${runtime.reason}` }
    },
  },
  {
    name: 'coverage',
    about: `lines that ran in any process or page of this run; at least ${leastCoveredPercent} %`,
    run: async ({ chromium }) => {
      const { totalPercent, text } = await coverageReport()
      process.stdout.write(`${text}\n`)
      const note = `${totalPercent.toFixed(1)} % of lines`
      if (totalPercent >= leastCoveredPercent) return { kind: 'passed', counts: null, note }
      if (chromium !== true)
        return { kind: 'not_run', reason: `${note}, but without a Chromium the window was not run` }
      return { kind: 'failed', counts: null, why: `${note}, at least ${leastCoveredPercent} % are asked for` }
    },
  },
]
