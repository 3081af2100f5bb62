import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { permissions, permissionsIn, rolePermissions, roles, teamsWith } from './permissions.ts'

test('a higher role has everything a lower one has, and more', () => {
  roles.reduce((lower, higher) => {
    const less = rolePermissions(lower)
    const more = rolePermissions(higher)
    expect([...less].every((permission) => more.has(permission))).toBe(true)
    expect(more.size).toBeGreaterThan(less.size)
    return higher
  })
})

test('a viewer reads and nothing else; a rep writes; an admin may do everything', () => {
  expect([...rolePermissions('viewer')]).toEqual(['quotes:read'])
  expect([...rolePermissions('rep')]).toEqual(['quotes:read', 'quotes:write'])
  expect([...rolePermissions('admin')]).toEqual([...permissions])
})

const teams = ['north', 'south', 'east', 'west']
const memberships = fc.uniqueArray(fc.record({ team_id: fc.constantFrom(...teams), role: fc.constantFrom(...roles) }), {
  selector: (membership) => membership.team_id,
})

test('a role counts only in its own team, and without a membership there is nothing', () => {
  fc.assert(
    fc.property(memberships, (held) => {
      for (const team of teams) {
        const membership = held.find((candidate) => candidate.team_id === team)
        expect([...permissionsIn(held, team)]).toEqual(membership ? [...rolePermissions(membership.role)] : [])
      }
    }),
  )
})

test('teamsWith and permissionsIn are the same rule asked from two sides', () => {
  fc.assert(
    fc.property(memberships, fc.constantFrom(...permissions), (held, permission) => {
      const expected = teams.filter((team) => permissionsIn(held, team).has(permission))
      expect(teamsWith(held, permission).sort()).toEqual(expected.sort())
    }),
  )
})
