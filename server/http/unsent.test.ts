import { EventEmitter } from 'node:events'
import type { Response } from 'express'
import { describe, expect, it } from 'vitest'
import { ProblemError } from './problem-error.ts'
import { createUnsent } from './unsent.ts'

/** A reader that takes nothing until it is closed. */
function reader() {
  const events = new EventEmitter()
  const got: Buffer[] = []
  const response = {
    once: (name: string, listener: () => void) => events.once(name, listener),
    send: (answer: Buffer) => got.push(answer),
  } as unknown as Response
  return { response, got, close: () => events.emit('close') }
}
const answer = (bytes: number) => Buffer.alloc(bytes)

describe('I19: what is not read yet', () => {
  it('is bounded for each person; the others are not held up, and what is read makes room', () => {
    const unsent = createUnsent({ ofPerson: 100, inAll: 1_000 }, () => 0.5)
    const [slow, again] = [reader(), reader()]
    unsent.send(slow.response, 'rob', answer(60))
    const refused = () => unsent.send(again.response, 'rob', answer(60))
    expect(refused).toThrow(ProblemError)
    expect(refused).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ data: { retry_after_ms: 750 } }) }),
    )
    expect(again.got).toEqual([])
    unsent.send(again.response, 'mia', answer(60))
    slow.close()
    refused()
    expect(again.got).toHaveLength(2)
  })

  it('is bounded for all together, but nobody is starved: one answer at a time always goes out', () => {
    const unsent = createUnsent({ ofPerson: 100, inAll: 150 })
    unsent.send(reader().response, 'rob', answer(90))
    unsent.send(reader().response, 'mia', answer(50))
    expect(() => unsent.send(reader().response, 'mia', answer(40))).toThrow(ProblemError)
    unsent.send(reader().response, 'vic', answer(500))
  })
})
