import { describe, expect, it } from 'vitest'
import { outcomes, statuses } from '../../domain/quote.ts'
import { sentence, statusLook, stepKey, stepWords } from './status.ts'

describe('the look of a state', () => {
  const open = statuses.filter((status) => status !== 'closed').map((status) => statusLook(status, null))
  const closed = outcomes.map((outcome) => statusLook('closed', outcome))

  it('gives every state a shape and a word of its own', () => {
    const looks = [...open, ...closed]
    expect(new Set(looks.map((look) => look.shape)).size).toBe(looks.length)
    expect(new Set(looks.map((look) => look.word)).size).toBe(looks.length)
  })

  it('calls a closed quote by its outcome', () => {
    expect(statusLook('closed', 'won')).toEqual({ shape: 'check', word: 'won' })
    expect(statusLook('closed', null).word).toBe('closed')
  })
})

it('makes a sentence of a text from elsewhere', () => {
  expect(sentence('no session bus')).toBe('No session bus.')
  expect(sentence('Nothing answers.')).toBe('Nothing answers.')
})

describe('the words of a step', () => {
  it.each([
    ['draft', 'active', null, 'Make active'],
    ['active', 'draft', null, 'Back to draft'],
    ['active', 'sent', null, 'Mark as sent'],
    ['negotiation', 'sent', null, 'Send again'],
    ['sent', 'negotiation', null, 'Move to negotiation'],
    ['closed', 'negotiation', null, 'Reopen'],
    ['sent', 'closed', 'won', 'Mark won'],
  ] as const)('%s → %s (%s) is "%s"', (from, to, outcome, words) => {
    expect(stepWords(from, { to, outcome })).toBe(words)
  })

  it('tells the ways of closing apart', () => {
    expect(stepKey({ to: 'closed', outcome: 'won' })).not.toBe(stepKey({ to: 'closed', outcome: 'lost' }))
  })
})
