import { expect, test } from 'vitest'
import { entityIdSchema, uuidSchema } from './ids.ts'

const v7 = '019cc296-f900-76e2-829d-37f6d5b5a8d5'
const v4 = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed'

test('an entity id is a UUIDv7 in lower case, so that no id has two spellings', () => {
  expect(entityIdSchema.safeParse(v7).success).toBe(true)
  for (const wrong of [v7.toUpperCase(), v7.replace('f', 'F'), v4, `${v7}0`, ` ${v7}`, `{${v7}}`, '']) {
    expect([wrong, entityIdSchema.safeParse(wrong).success]).toEqual([wrong, false])
  }
})

test('any other id is a UUID of any version, in lower case too', () => {
  for (const right of [v7, v4]) expect(uuidSchema.safeParse(right).success).toBe(true)
  for (const wrong of [v4.toUpperCase(), `${v4}\n`, 'x']) expect(uuidSchema.safeParse(wrong).success).toBe(false)
})
