import { DiagnosticSeverity, Parser } from '@asyncapi/parser'
import { expect, test } from 'vitest'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'
import { generateAsyncApi } from '../../server/http/asyncapi.ts'

test('the AsyncAPI document is a valid one and tells every message of the live link', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(generateAsyncApi()))
  const errors = diagnostics
    .filter(({ severity }) => DiagnosticSeverity[severity] === 'Error')
    .map(({ message, path }) => `${path.join('.')}: ${message}`)
  expect(errors).toEqual([])
  expect(document?.info().version()).toBe(String(protocolVersion))
  const names = document
    ?.operations()
    .all()
    .map((operation) => operation.id())
  expect(names?.toSorted()).toEqual(['beat', 'clock', 'ended', 'event', 'message', 'renew', 'subscribe', 'welcome'])
})

test('the validation notices a broken document', async () => {
  const broken = {
    ...generateAsyncApi(),
    channels: { live: { messages: { beat: { $ref: '#/components/messages/none' } } } },
  }
  const { diagnostics } = await new Parser().parse(JSON.stringify(broken))
  expect(diagnostics.some(({ severity }) => DiagnosticSeverity[severity] === 'Error')).toBe(true)
})
