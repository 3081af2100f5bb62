import type { Deps } from '../deps.ts'
import type { SignedInRest } from '../http/rest.ts'
import { mutate } from './mutate.ts'

export function mutateRoute(rest: SignedInRest, deps: Pick<Deps, 'store' | 'log'>) {
  return rest.sync.mutate.handler(async ({ input, context }) => {
    const client = { client_id: input.client_id, person_id: context.caller.id }
    return { results: await mutate(deps, client, input.mutations) }
  })
}
