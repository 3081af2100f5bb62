/** `node tests/alerts/campaign.ts --cases N --seed S`: two implementations of working time against each other; JSON. */
import { parseArgs } from 'node:util'
import { runCampaign } from './support/run-campaign.ts'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
  },
})
const startMs = performance.now()
const result = runCampaign(Number(values.cases), Number(values.seed), (done) =>
  process.stderr.write(`${done} cases, seed ${values.seed}\n`),
)
const seconds = Math.round((performance.now() - startMs) / 1_000)
process.stdout.write(`${JSON.stringify({ ...result, seconds, tzdata: process.versions.tz }, null, 2)}\n`)
process.exitCode = result.differences + result.outside_hours === 0 ? 0 : 1
