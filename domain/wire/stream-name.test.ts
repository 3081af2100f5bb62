import { expect, test } from 'vitest'
import { orgStream, streamNameSchema, teamStream } from './stream-name.ts'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'

test('a stream is named by its kind and the id of its audience', () => {
  expect(teamStream(id)).toBe(`team:${id}`)
  expect(orgStream(id)).toBe(`org:${id}`)
})

test('anything else is no stream', () => {
  const bad = ['', 'team:', id, `ops:${id}`, `team:${id}x`, `xteam:${id}`, `team: ${id}`, `team:${id}\n`, `TEAM:${id}`]
  bad.push('team:not-an-id', `team:${id}/../org:${id}`, `team:6ba7b810-9dad-11d1-80b4-00c04fd430c8`)
  expect(bad.filter((name) => streamNameSchema.safeParse(name).success)).toEqual([])
})

test('making a name from something that is no id throws', () => {
  expect(() => teamStream('1')).toThrow(/Invalid/)
})
