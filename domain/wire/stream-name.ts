import { z } from 'zod'
import { entityIdSchema } from '../ids.ts'

const kinds = ['team', 'org'] as const

/** `team:<id>` carries a team's quotes, `org:<id>` what everybody in the workspace may see. */
export const streamNameSchema = z.templateLiteral([z.enum(kinds), ':', entityIdSchema])
export type StreamName = z.infer<typeof streamNameSchema>

export const teamStream = (teamId: string): StreamName => streamNameSchema.parse(`team:${teamId}`)
export const orgStream = (workspaceId: string): StreamName => streamNameSchema.parse(`org:${workspaceId}`)
