import { nodeProblem } from './host-link/node-version.ts'

const problem = nodeProblem(process.version)
if (problem === null) {
  // Only now: loading the database under an older Node ends the process without a word.
  const { runProcess } = await import('./host-link/run-process.ts')
  runProcess()
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
