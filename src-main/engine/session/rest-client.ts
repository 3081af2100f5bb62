import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { ResponseValidationPlugin } from '@orpc/contract/plugins'
import type { JsonifiedClient } from '@orpc/openapi-client'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { type RestContract, restContract } from '../../../domain/rest/contract.ts'

export type RestClient = JsonifiedClient<ContractRouterClient<RestContract>>

/** How long any one answer may take before the server counts as away. */
const answerWithinMs = 30_000

/**
 * The server's HTTP API, typed by the contract; answers are parsed by its schemas.
 * @param token the access token to present, null before sign-in
 */
export function createRestClient(serverUrl: string, fetcher: typeof fetch, token: () => string | null): RestClient {
  const link = new OpenAPILink(restContract, {
    url: serverUrl,
    headers: () => {
      const presented = token()
      return presented === null ? {} : { authorization: `Bearer ${presented}` }
    },
    fetch: (request, init) => {
      const signals = [request.signal, AbortSignal.timeout(answerWithinMs)]
      return fetcher(request, { ...init, signal: AbortSignal.any(signals) })
    },
    plugins: [new ResponseValidationPlugin(restContract)],
  })
  return createORPCClient(link)
}

/** What the server refused with, null when it did not answer at all (or not as itself). */
export function refusalOf(error: unknown): { code: string; status: number; message: string; data: unknown } | null {
  if (!(error instanceof ORPCError)) return null
  const { code, status, message, data } = error as ORPCError<string, unknown>
  return { code, status, message, data }
}

/** Why a request failed, in words for a person. */
export function failureWords(error: unknown): string {
  const refusal = refusalOf(error)
  if (refusal) return refusal.message
  if (error instanceof Error && error.name === 'TimeoutError') return 'The server does not answer.'
  return 'The server cannot be reached.'
}
