import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { asDataFolderError, DataFolderError } from '../store/errors.ts'

const keyBytes = 32

/**
 * The secret that signs access tokens, made on first use and readable by this user alone.
 * @throws DataFolderError when the file is damaged or others may read it
 */
export function loadSigningKey(file: string): Uint8Array {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    // `wx` never overwrites: two processes that start together end up with one key.
    writeFileSync(file, randomBytes(keyBytes).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!existsSync(file)) throw asDataFolderError(error, file)
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new DataFolderError(
      `${file} signs access tokens, but other users may read it: run chmod 600 on it, ` +
        'or remove it for a new one (everybody then signs in again)',
    )
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (key.length !== keyBytes) {
    throw new DataFolderError(`${file} is damaged: remove it for a new one (everybody then signs in again)`)
  }
  return key
}
