import { describe, expect, it } from 'vitest'
import { createPreferences, readPreferences } from './preferences.ts'

function memoryStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>()
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
}

describe('preferences', () => {
  it('are kept for the next start', () => {
    const storage = memoryStorage()
    createPreferences(storage).setState({ theme: 'dark', singleKeys: false })
    expect(createPreferences(storage).getState()).toEqual({ theme: 'dark', singleKeys: false })
  })

  it.each([null, '', '{', '7', '{"theme":"pink","singleKeys":"yes"}'])('%s counts as never set', (text) => {
    expect(readPreferences(text)).toEqual({ theme: 'system', singleKeys: true })
  })
})
