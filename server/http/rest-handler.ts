import { OpenAPIHandler } from '@orpc/openapi/node'
import { ORPCError } from '@orpc/server'
import type { RequestHandler } from 'express'
import type { Problem } from '../../domain/wire/problem.ts'
import { authRoutes, meRoute } from '../auth/routes.ts'
import { customerRoutes } from '../customers/routes.ts'
import type { Deps } from '../deps.ts'
import { quotationRoutes } from '../quotations/routes.ts'
import { quoteRoutes } from '../quotes/routes.ts'
import { mutateRoute } from '../sync/mutate-route.ts'
import { openRest, type RestContext, signedInRest } from './rest.ts'
import { internalProblem, retryAfterSeconds, toProblem } from './to-problem.ts'
import { createTurnstile } from './turnstile.ts'

/** Everything of domain/rest/contract.ts; adding to the contract without adding a route here does not compile. */
function createRouter(deps: Deps) {
  const open = openRest()
  const signedIn = signedInRest(deps)
  const mutations = createTurnstile(deps.config.atOnce.mutations, 'batches of edits')
  return open.router({
    auth: authRoutes(open, deps),
    me: meRoute(signedIn),
    quotes: quoteRoutes(signedIn, deps),
    customers: customerRoutes(signedIn, deps),
    quotations: quotationRoutes(signedIn, deps),
    sync: {
      mutate: mutateRoute(
        signedIn.use(({ context, next }) => mutations.pass(async () => next({ context }))),
        deps,
      ),
    },
  })
}

/** Answers the routes of the contract and leaves the others to whoever comes next. */
export function restHandler(deps: Deps): RequestHandler {
  const handler = new OpenAPIHandler<RestContext>(createRouter(deps), {
    interceptors: [
      async (call) => {
        try {
          return await call.next()
        } catch (error) {
          const told = toOrpcError(error, deps)
          const retryAfter = retryAfterSeconds(told)
          if (retryAfter !== null) call.context.setHeader('retry-after', retryAfter)
          throw told
        }
      },
    ],
  })
  return async (request, response, next) => {
    const { matched } = await handler.handle(request, response, {
      context: {
        address: request.ip ?? '',
        authorization: request.headers.authorization,
        setHeader: (name, value) => response.setHeader(name, value),
      },
    })
    if (!matched) next()
  }
}

function toOrpcError(error: unknown, { log }: Pick<Deps, 'log'>): ORPCError<string, unknown> {
  const told = toProblem(error)
  if (!told) log.error({ err: error }, 'a request failed')
  const { code, status, message, data }: Problem = told ?? internalProblem
  return new ORPCError(code, { defined: true, status, message, data })
}
