import { type StageResult, summary, total } from './results.ts'
import { type Stage, stages } from './stages.ts'
import { type System, setUpSystem } from './system.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/**
 * Runs every stage, or only those named; a failing one does not keep the others from running.
 * Sets a non-zero exit code when anything failed.
 */
export async function runAllTests(args: readonly string[]): Promise<void> {
  const unknown = args.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    say(`There is no stage ${unknown.join(', ')}. Stages: ${stages.map(({ name }) => name).join(', ')}`)
    process.exitCode = 2
    return
  }
  const chosen = args.length === 0 ? stages : stages.filter(({ name }) => args.includes(name))
  say('━━ set-up: Chromium, Xvfb, session bus, notification daemon')
  const system = await setUpSystem((line) => say(`   ${line}`))
  for (const [name, state] of Object.entries(system)) say(`   ${name}: ${state === true ? 'there' : state}`)

  const results: StageResult[] = []
  for (const stage of chosen) results.push(await runStage(stage, system))
  process.stdout.write(summary(results))
  if (total(results).failed > 0) process.exitCode = 1
}

async function runStage(stage: Stage, system: System): Promise<StageResult> {
  say(`\n━━ ${stage.name}: ${stage.about}`)
  const startMs = performance.now()
  const outcome = await stage
    .run(system)
    .catch((error: Error) => ({ kind: 'failed', counts: null, why: error.message }) as const)
  if (outcome.kind === 'not_run') say(`   NOT RUN: ${outcome.reason}`)
  if (outcome.kind === 'failed') say(`   FAILED: ${outcome.why}`)
  return { name: stage.name, outcome, seconds: (performance.now() - startMs) / 1000 }
}
