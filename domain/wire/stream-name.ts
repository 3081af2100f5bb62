import { z } from 'zod'
import { entityIdSchema } from '../ids.ts'

const kinds = ['team', 'org', 'user'] as const

/** `team:<id>` carries a team's quotes, `org:<id>` what everybody in the workspace may see, `user:<id>` what is one person's. */
export const streamNameSchema = z.templateLiteral([z.enum(kinds), ':', entityIdSchema])
export type StreamName = z.infer<typeof streamNameSchema>

export const teamStream = (teamId: string): StreamName => streamNameSchema.parse(`team:${teamId}`)
export const orgStream = (workspaceId: string): StreamName => streamNameSchema.parse(`org:${workspaceId}`)
export const userStream = (personId: string): StreamName => streamNameSchema.parse(`user:${personId}`)
