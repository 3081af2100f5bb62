import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { applyEvents } from '../../../src-main/engine/cache/apply-events.ts'
import { type Cache, openCache } from '../../../src-main/engine/cache/open-cache.ts'
import { eventsOf, makeWorkspace, type Workspace } from './quotes.ts'

const perTransaction = 10_000

/** A cache file with `count` quotes, made by applying the events of a workspace. */
export function fillCache(file: string, count: number): { cache: Cache; workspace: Workspace } {
  const workspace = makeWorkspace(count, Temporal.Now.plainDateISO('UTC'))
  const cache = openCache(file)
  cache.setBulk(true)
  for (const [stream, events] of eventsOf(workspace, randomUUID())) {
    for (let at = 0; at < events.length; at += perTransaction) {
      cache.transact((db) => applyEvents(db, cache.expiry, stream, events.slice(at, at + perTransaction)))
    }
  }
  cache.setBulk(false)
  return { cache, workspace }
}
