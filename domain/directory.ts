import { z } from 'zod'
import { entityIdSchema } from './ids.ts'
import { membershipSchema } from './permissions.ts'
import { timeZoneSchema } from './time.ts'

/** An account that quotes are made for. Everybody in the workspace may see customers; quotes they may not. */
export const customerSchema = z.strictObject({
  id: entityIdSchema,
  name: z.string().min(1).max(200),
  sector: z.string().max(100).nullable(),
  country: z.string().max(100).nullable(),
  contact_name: z.string().max(200).nullable(),
  contact_email: z.string().max(320).nullable(),
})
export type Customer = z.infer<typeof customerSchema>

export const teamSchema = z.strictObject({ id: entityIdSchema, name: z.string().min(1).max(100) })
export type Team = z.infer<typeof teamSchema>

/** A colleague as everybody may see them: no e-mail address, no credentials. `time_zone` is where their hours apply. */
export const personSchema = z.strictObject({
  id: entityIdSchema,
  name: z.string().min(1).max(200),
  time_zone: timeZoneSchema,
  active: z.boolean(),
  memberships: z.array(membershipSchema),
})
export type Person = z.infer<typeof personSchema>

/** Probability in percent that an open quote of the status is won; what "weighted" multiplies with. */
export const stageProbabilitiesSchema = z.strictObject({
  active: z.int().min(0).max(100),
  sent: z.int().min(0).max(100),
  negotiation: z.int().min(0).max(100),
})
export type StageProbabilities = z.infer<typeof stageProbabilitiesSchema>

export const defaultStageProbabilities: StageProbabilities = { active: 20, sent: 40, negotiation: 70 }

export const workspaceSchema = z.strictObject({
  id: entityIdSchema,
  name: z.string().min(1).max(100),
  stage_probabilities: stageProbabilitiesSchema,
})
export type Workspace = z.infer<typeof workspaceSchema>
