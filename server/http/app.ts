import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { syncRoutes } from '../sync/routes.ts'
import { generateAsyncApi } from './asyncapi.ts'
import { readJsonBody } from './body.ts'
import { generateOpenApi } from './openapi.ts'
import { ProblemError } from './problem-error.ts'
import { tellErrors, unknownRoute } from './refusals.ts'
import { requestLog } from './request-log.ts'
import { restHandler } from './rest-handler.ts'

/** The HTTP door. Order matters: guard, limit, plain routes, body, contract, refusals. */
export async function createApp(deps: Deps, isStopping: () => boolean): Promise<Express> {
  const app = express()
  // Hashing megabytes of log for an ETag that nobody asks for would cost more than reading them.
  app.set('etag', false)
  app.disable('x-powered-by')
  app.use(helmet())
  app.use(neverStored)
  app.use(requestLog(deps.log, deps.clock))
  app.use(refuseWhile(isStopping))
  app.get('/healthz', healthz(deps))
  app.use(limitByAddress(deps))

  const openApi = await generateOpenApi()
  app.get('/openapi.json', (_request, response) => void response.json(openApi))
  const asyncApi = generateAsyncApi()
  app.get('/asyncapi.json', (_request, response) => void response.json(asyncApi))
  const sync = syncRoutes(deps)
  app.get('/sync/streams/:stream/events', sync.events)
  app.get('/sync/streams/:stream/snapshot', sync.snapshot)
  app.get('/sync/streams/:stream/hash', sync.hash)
  app.use(readJsonBody(deps.config))
  app.use(restHandler(deps))
  app.use(unknownRoute())
  app.use(tellErrors(deps.log))
  return app
}

/** Every answer is for one person at one moment, and some are tokens: nothing in between may keep it. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.setHeader('cache-control', 'no-store')
  next()
}

function refuseWhile(isStopping: () => boolean): RequestHandler {
  return (_request, _response, next) => {
    if (isStopping()) throw new ProblemError('shutting_down', 'The server is stopping. Try again in a moment.')
    next()
  }
}

function limitByAddress({ limiters }: Pick<Deps, 'limiters'>): RequestHandler {
  return async (request, _response, next) => {
    await limiters.requestsByAddress.take(request.ip ?? '')
    next()
  }
}

/** For load balancers and the launcher: answers 200 only when the database can be read. */
function healthz({ store, clock }: Pick<Deps, 'store' | 'clock'>): RequestHandler {
  return async (_request, response) => {
    await sql`select 1`.execute(store.read)
    response.json({ ok: true, epoch: store.epoch, server_time_ms: clock.nowMs() })
  }
}
