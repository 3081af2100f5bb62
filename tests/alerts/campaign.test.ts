import { expect, test } from 'vitest'
import { runCampaign } from './support/run-campaign.ts'

test('I18: another library, minute by minute, finds the same openings, and nothing is shown outside hours', () => {
  const seed = Number(process.env['ALERTS_SEED'] ?? Math.floor(Math.random() * 1e9))
  const result = runCampaign(400, seed)
  console.log(`alerts campaign: seed ${seed}, ${result.held} of ${result.cases} held`)
  expect(result).toMatchObject({ differences: 0, outside_hours: 0, examples: [] })
  expect(result.held).toBeGreaterThan(50)
})
