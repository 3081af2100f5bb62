/**
 * `npm run check`: format, lint with types, types per runtime, layers and cycles, dead code.
 * Runs every step even when one fails, so that one run names everything; exits non-zero when any did.
 */
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { nodeOrExit } from './node-guard.mjs'

nodeOrExit()

const typeProjects = [
  'domain',
  'server',
  'src-main/engine',
  'src-main/host',
  'src-main/browser-host',
  'src-main/shell',
  'src-main/preload',
  'src-renderer',
  'tools',
  'tests',
]
const sources = ['domain', 'server', 'src-main', 'src-renderer', 'tools', 'tests']

function run(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' })
  if (result.error) return { ok: false, output: String(result.error), stdout: '' }
  return { ok: result.status === 0, output: result.stdout + result.stderr, stdout: result.stdout }
}

/** dependency-cruiser passes happily when it could read nothing: that it read modules is part of the check. */
function layers() {
  const result = run('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...sources])
  let report
  try {
    report = JSON.parse(result.stdout)
  } catch {
    return { ok: false, output: result.output }
  }
  const { totalCruised, violations } = report.summary
  const lines = violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
  if (totalCruised < 50) lines.push(`only ${totalCruised} modules were read: the layers were not checked`)
  return { ok: lines.length === 0, output: lines.join('\n') }
}

const steps = [
  ['format', () => run('biome', ['check', '--error-on-warnings', '.'])],
  ...typeProjects.map((project) => [`types: ${project}`, () => run('tsc', ['-p', project])]),
  ['lint', () => run('oxlint', ['--deny-warnings', ...sources])],
  ['layers', layers],
  ['dead code', () => run('knip', ['--no-progress'])],
]

const failed = []
for (const [name, step] of steps) {
  const startMs = performance.now()
  const { ok, output } = step()
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  process.stdout.write(`${ok ? '✔' : '✖'} ${name} (${seconds} s)\n`)
  if (!ok) {
    failed.push(name)
    process.stdout.write(`${output.trim()}\n`)
  }
}
if (failed.length > 0) {
  process.stdout.write(`\nfailed: ${failed.join(', ')}\n`)
  process.exitCode = 1
}
