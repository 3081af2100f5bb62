import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { restContract } from '../../domain/rest/contract.ts'
import { type Problem, problem } from '../../domain/wire/problem.ts'
import { internalProblem, retryAfterSeconds, toProblem } from './to-problem.ts'

type Methods = { pattern: RegExp; methods: string[] }[]

/** Path patterns of the contract, to tell a wrong method from a wrong address. */
function contractMethods(): Methods {
  const byPath = new Map<string, string[]>()
  const visit = (node: object) => {
    if ('~orpc' in node) {
      const { route } = node['~orpc'] as { route: { path?: string; method?: string } }
      if (route.path !== undefined && route.method !== undefined) {
        byPath.set(route.path, [...(byPath.get(route.path) ?? []), route.method])
      }
      return
    }
    for (const child of Object.values(node) as unknown[]) if (typeof child === 'object' && child !== null) visit(child)
  }
  visit(restContract)
  return [...byPath].map(([path, methods]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}/?$`),
    methods,
  }))
}

export function unknownRoute(): RequestHandler {
  const routes = contractMethods()
  return (request, response) => {
    const known = routes.find(({ pattern }) => pattern.test(request.path))
    if (known && !known.methods.includes(request.method)) {
      const allowed = known.methods.join(', ')
      response.setHeader('allow', allowed)
      send(response, problem('method_not_allowed', `${request.path} does not take ${request.method}: use ${allowed}.`))
      return
    }
    send(response, problem('not_found', `There is nothing at ${request.path}. GET /openapi.json lists what there is.`))
  }
}

/** The last word on every error of the plain routes, in the shape that all doors use. */
export function tellErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const told = toProblem(error)
    if (!told) log.error({ err: error, path: request.path }, 'a request failed')
    if (response.headersSent) {
      next(error)
      return
    }
    send(response, told ?? internalProblem)
  }
}

function send(response: Parameters<RequestHandler>[1], told: Problem): void {
  const retryAfter = retryAfterSeconds(told)
  if (retryAfter !== null) response.setHeader('retry-after', retryAfter)
  response.status(told.status).json(told)
}
