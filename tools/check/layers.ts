import { z } from 'zod'

/** What a check found; `output` is for people and empty when all is well. */
export interface Verdict {
  ok: boolean
  output: string
}

const reportSchema = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ rule: z.object({ name: z.string() }), from: z.string(), to: z.string() })),
  }),
})

/** Far below what the project has; far above what a cruiser that could not read TypeScript finds. */
const fewestModules = 200

/** dependency-cruiser passes happily when it could read nothing: that it read the modules is part of the check. */
export function judgeLayers({ stdout, output }: { stdout: string; output: string }): Verdict {
  let report: z.infer<typeof reportSchema>
  try {
    report = reportSchema.parse(JSON.parse(stdout))
  } catch {
    return { ok: false, output }
  }
  const { totalCruised, violations } = report.summary
  const lines = violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
  if (totalCruised < fewestModules) lines.push(`only ${totalCruised} modules were read: the layers were not checked`)
  return { ok: lines.length === 0, output: lines.join('\n') }
}
