import { hash, randomBytes, randomUUID } from 'node:crypto'
import { toEpochMs, toInstantText } from '../../domain/time.ts'
import type { Db } from '../store/connect.ts'
import type { Tx } from '../store/tx.ts'
import type { TokenSession } from './access-tokens.ts'

const tokenBytes = 32

export interface SessionTimes {
  refreshTtlMs: number
  refreshLeewayMs: number
}

const hashOf = (token: string) => hash('sha256', token)

async function insertToken(tx: Tx, { family, person_id }: TokenSession, ttlMs: number): Promise<string> {
  const token = randomBytes(tokenBytes).toString('base64url')
  await tx.db
    .insertInto('refresh_tokens')
    .values({
      family,
      person_id,
      token_hash: hashOf(token),
      expires_at: toInstantText(tx.nowMs + ttlMs),
      used_at: null,
      successor_hash: null,
    })
    .execute()
  return token
}

/** What a sign-in or a refresh gives. */
export interface Session extends TokenSession {
  /** The refresh token: only its hash is stored. */
  token: string
}

/** Begins a family without a refresh token, for one access token that holds for `ttlMs`. */
export async function beginFamily(tx: Tx, personId: string, ttlMs: number): Promise<TokenSession> {
  const family = randomUUID()
  // What ran out is of no use to anybody; signing in is a good time to forget it.
  await tx.db.deleteFrom('refresh_tokens').where('expires_at', '<', tx.at).where('person_id', '=', personId).execute()
  await tx.db.deleteFrom('refresh_families').where('expires_at', '<', tx.at).where('person_id', '=', personId).execute()
  const expires_at = toInstantText(tx.nowMs + ttlMs)
  await tx.db
    .insertInto('refresh_families')
    .values({ family, person_id: personId, created_at: tx.at, voided_at: null, expires_at })
    .execute()
  return { family, person_id: personId }
}

/** Begins a family of refresh tokens, with the first of them. */
export async function beginSession(tx: Tx, personId: string, times: SessionTimes): Promise<Session> {
  const session = await beginFamily(tx, personId, times.refreshTtlMs)
  return { ...session, token: await insertToken(tx, session, times.refreshTtlMs) }
}

/** Whether the sign-in still holds. One that is not known any more does not. */
export function isLive(db: Db, { family, person_id }: TokenSession): boolean {
  const select = 'select voided_at from refresh_families where family = ? and person_id = ?'
  return db.fixed<{ voided_at: string | null }>(select, [family, person_id])[0]?.voided_at === null
}

/** Whose account a refresh token belonged to, whether or not it still holds; null for one that was never given. */
export async function findTokenPerson(db: Db, token: string): Promise<string | null> {
  const row = await db
    .selectFrom('refresh_tokens')
    .select('person_id')
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst()
  return row?.person_id ?? null
}

/**
 * Exchanges a refresh token for its successor. A token that was used before means that two parties hold it, so the whole
 * family is voided, except within the leeway while the successor is unused: then the first answer got lost on the way.
 * @returns null when it does not hold (any more); what it voided stays voided
 */
export async function continueSession(tx: Tx, token: string, times: SessionTimes): Promise<Session | null> {
  const row = await tx.db
    .selectFrom('refresh_tokens')
    .innerJoin('refresh_families', 'refresh_families.family', 'refresh_tokens.family')
    .selectAll('refresh_tokens')
    .select('voided_at')
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst()
  if (!row || row.voided_at !== null || row.expires_at <= tx.at) return null
  if (row.used_at !== null && !(await answerWasLost(tx, row, times.refreshLeewayMs))) {
    await voidFamily(tx, row.family)
    return null
  }
  const { family, person_id } = row
  const successor = await insertToken(tx, { family, person_id }, times.refreshTtlMs)
  const expires_at = toInstantText(tx.nowMs + times.refreshTtlMs)
  await tx.db.updateTable('refresh_families').set({ expires_at }).where('family', '=', family).execute()
  if (row.successor_hash !== null) {
    await tx.db.deleteFrom('refresh_tokens').where('token_hash', '=', row.successor_hash).execute()
  }
  await tx.db
    .updateTable('refresh_tokens')
    .set({ used_at: row.used_at ?? tx.at, successor_hash: hashOf(successor) })
    .where('token_hash', '=', row.token_hash)
    .execute()
  return { person_id, family, token: successor }
}

async function answerWasLost(
  tx: Tx,
  row: { used_at: string | null; successor_hash: string | null },
  leewayMs: number,
): Promise<boolean> {
  if (row.used_at === null || row.successor_hash === null) return false
  if (tx.nowMs - toEpochMs(row.used_at) > leewayMs) return false
  const successor = await tx.db
    .selectFrom('refresh_tokens')
    .select('used_at')
    .where('token_hash', '=', row.successor_hash)
    .executeTakeFirst()
  return successor !== undefined && successor.used_at === null
}

/** Voids the token's family. @returns whether there was a live one */
export async function endSession(tx: Tx, token: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('refresh_tokens')
    .select('family')
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst()
  return row ? voidFamily(tx, row.family) : false
}

async function voidFamily(tx: Tx, family: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('refresh_families')
    .set({ voided_at: tx.at })
    .where('family', '=', family)
    .where('voided_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
