import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { projectRoot } from '../project-root.ts'
import { judgeLayers, type Verdict } from './layers.ts'

/** One tsconfig per runtime: what a folder can name is what its process has. */
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

/** A list of every module as JSON is many megabytes; the default bound would cut it off. */
const outputBoundBytes = 512 * 1024 * 1024

function run(command: string, args: readonly string[]): Verdict & { stdout: string } {
  const options = { cwd: projectRoot, encoding: 'utf8', maxBuffer: outputBoundBytes } as const
  const result = spawnSync(command, args, { ...options, shell: process.platform === 'win32' })
  if (result.error) return { ok: false, output: String(result.error), stdout: '' }
  return { ok: result.status === 0, output: result.stdout + result.stderr, stdout: result.stdout }
}

const steps: Array<[name: string, step: () => Verdict]> = [
  ['format', () => run('biome', ['check', '--error-on-warnings', '.'])],
  ...typeProjects.map((project): [string, () => Verdict] => [`types: ${project}`, () => run('tsc', ['-p', project])]),
  ['lint', () => run('oxlint', ['--deny-warnings', ...sources])],
  ['layers', () => judgeLayers(run('depcruise', ['--output-type', 'json', ...sources]))],
  ['dead code', () => run('knip', ['--no-progress'])],
]

/** Runs every step even when one fails, so that one run names everything. @returns the exit code */
export function runChecks(): 0 | 1 {
  const failed: string[] = []
  for (const [name, step] of steps) {
    const startMs = performance.now()
    const { ok, output } = step()
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
    process.stdout.write(`${ok ? '✔' : '✖'} ${name} (${seconds} s)\n`)
    if (ok) continue
    failed.push(name)
    process.stdout.write(`${output.trim()}\n`)
  }
  if (failed.length === 0) return 0
  process.stdout.write(`\nfailed: ${failed.join(', ')}\n`)
  return 1
}
