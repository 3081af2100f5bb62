import { z } from 'zod'
import { entityIdSchema } from './ids.ts'

export const roles = ['viewer', 'rep', 'manager', 'admin'] as const
export const roleSchema = z.enum(roles)
export type Role = z.infer<typeof roleSchema>

export const permissions = [
  'quotes:read',
  'quotes:write',
  'quotes:reopen',
  'quotes:override_expiry',
  'quotes:reassign',
  'alerts:manage',
  'analytics:read',
  'audit:read',
  'integrations:manage',
  'admin:monitor',
] as const
export type Permission = (typeof permissions)[number]

/** The least role that has each permission; a higher role has all that a lower one has. */
const leastRole: Record<Permission, Role> = {
  'quotes:read': 'viewer',
  'quotes:write': 'rep',
  'quotes:reopen': 'manager',
  'quotes:override_expiry': 'manager',
  'quotes:reassign': 'manager',
  'alerts:manage': 'manager',
  'analytics:read': 'manager',
  'audit:read': 'admin',
  'integrations:manage': 'admin',
  'admin:monitor': 'admin',
}

export const membershipSchema = z.strictObject({ team_id: entityIdSchema, role: roleSchema })
export type Membership = z.infer<typeof membershipSchema>

function permissionsFrom(role: Role): ReadonlySet<Permission> {
  const rank = roles.indexOf(role)
  return new Set(permissions.filter((permission) => roles.indexOf(leastRole[permission]) <= rank))
}

/** Made once: every row that is read or written asks. */
const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: permissionsFrom('viewer'),
  rep: permissionsFrom('rep'),
  manager: permissionsFrom('manager'),
  admin: permissionsFrom('admin'),
}

export function rolePermissions(role: Role): ReadonlySet<Permission> {
  return permissionsOf[role]
}

const none: ReadonlySet<Permission> = new Set()

/** What a person may do with things of one team; nothing at all without a membership in it. */
export function permissionsIn(memberships: readonly Membership[], teamId: string): ReadonlySet<Permission> {
  const membership = memberships.find((candidate) => candidate.team_id === teamId)
  return membership ? rolePermissions(membership.role) : none
}

/** Teams in which the person holds the permission. */
export function teamsWith(memberships: readonly Membership[], permission: Permission): string[] {
  return memberships
    .filter((membership) => rolePermissions(membership.role).has(permission))
    .map((membership) => membership.team_id)
}
