import { expect, it } from 'vitest'
import { currenciesByVersion } from './history.ts'

it('amounts of the past are in the currency that the quote had then', () => {
  const history = [
    { version: 4, before: { value_minor: 5 } },
    { version: 3, before: { currency: 'JPY' } },
    { version: 2, before: { value_minor: 7 } },
    { version: 1, before: null },
  ]
  expect([...currenciesByVersion(history, 'EUR')]).toEqual([
    [4, { before: 'EUR', after: 'EUR' }],
    [3, { before: 'JPY', after: 'EUR' }],
    [2, { before: 'JPY', after: 'JPY' }],
    [1, { before: 'JPY', after: 'JPY' }],
  ])
})
