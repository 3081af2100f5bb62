import type { StreamEvent } from '../../../domain/wire/stream-event.ts'

/**
 * The envelope of a pulled event, looked at by hand. A schema parse costs 12 µs an event, as much as a fifth of writing it;
 * what stands in for it on this path: the server built the event from the same schema before it entered the log, the
 * sign-in says it is that server, place and order are checked against the cursor, and the cache's tables are STRICT with
 * closed vocabularies, so a value of the wrong type or word fails the transaction instead of being kept. Live events, few
 * at a time, are parsed in full.
 * @throws TypeError when it is no event at all
 */
export function checkEventShape(value: unknown): StreamEvent {
  if (!isObject(value) || !isObject(value['place']) || !isObject(value['change'])) throw notAnEvent(value)
  const { place, change } = value
  if (typeof place['stream'] !== 'string' || typeof place['epoch'] !== 'string') throw notAnEvent(value)
  if (!Number.isSafeInteger(place['seq']) || !('origin' in place)) throw notAnEvent(value)
  if (typeof change['type'] !== 'string' || !isObject(change['data'])) throw notAnEvent(value)
  return value as unknown as StreamEvent
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function notAnEvent(value: unknown): TypeError {
  return new TypeError(`expected a stream event, got ${JSON.stringify(value)?.slice(0, 120)}`)
}
