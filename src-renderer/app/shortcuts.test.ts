import { describe, expect, it } from 'vitest'
import { type KeyPress, sheet, shortcutOf } from './shortcuts.ts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  inField: false,
  inOverlay: false,
  ...more,
})

describe('shortcuts', () => {
  it.each([
    ['/', 'search'],
    ['?', 'sheet'],
    ['s', 'status'],
    ['S', 'status'],
    ['Escape', 'back'],
    ['n', 'new'],
    ['e', 'edit'],
    ['a', 'reassign'],
    ['M', 'note'],
    ['x', null],
  ])('%s means %s', (key, shortcut) => {
    expect(shortcutOf(press(key), true)).toBe(shortcut)
  })

  it('after G a letter is a place to go to, and nothing else', () => {
    expect(shortcutOf(press('g'), true)).toBe('go')
    expect(shortcutOf(press('a'), true, true)).toBe('go_alerts')
    expect(shortcutOf(press('S'), true, true)).toBe('go_settings')
    expect(shortcutOf(press('n'), true, true)).toBeNull()
    expect(shortcutOf(press('a', { inField: true }), true, true)).toBeNull()
  })

  it('⌘K and Ctrl-K open the commands from anywhere, also from a field', () => {
    expect(shortcutOf(press('k', { metaKey: true, inField: true }), true)).toBe('palette')
    expect(shortcutOf(press('K', { ctrlKey: true, inOverlay: true }), false)).toBe('palette')
  })

  it('single keys are left to whoever types, and to menus and dialogs', () => {
    expect(shortcutOf(press('s', { inField: true }), true)).toBeNull()
    expect(shortcutOf(press('Escape', { inOverlay: true }), true)).toBeNull()
    expect(shortcutOf(press('s', { ctrlKey: true }), true)).toBeNull()
  })

  it('Ctrl-Z undoes and Ctrl-Enter saves, except where somebody types: fields and forms have their own', () => {
    expect(shortcutOf(press('z', { ctrlKey: true }), false)).toBe('undo')
    expect(shortcutOf(press('Enter', { metaKey: true }), true)).toBe('save')
    expect(shortcutOf(press('z', { ctrlKey: true, inField: true }), true)).toBeNull()
    expect(shortcutOf(press('Z', { ctrlKey: true }), true)).toBeNull()
  })

  it('single characters can be turned off; Esc stays', () => {
    expect(shortcutOf(press('s'), false)).toBeNull()
    expect(shortcutOf(press('Escape'), false)).toBe('back')
  })

  it('the sheet names what exists', () => {
    expect(sheet.flatMap(({ keys }) => keys)).toEqual(expect.arrayContaining(['S', '/', '?', 'Esc', 'Enter']))
  })
})
