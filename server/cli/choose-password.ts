import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { UsageError } from './common.ts'

const passwordBytes = 12
const minPasswordLength = 8

export const passwordOption = [
  '--password-stdin',
  'read the password from standard input instead of making one up',
  false,
] as const

/** `made` holds the password only when it was made up here: one that was given is not repeated. */
export async function choosePassword(fromStdin: boolean): Promise<{ password: string; made?: { password: string } }> {
  if (!fromStdin) {
    const password = randomBytes(passwordBytes).toString('base64url')
    return { password, made: { password } }
  }
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (password.length < minPasswordLength) {
    throw new UsageError(`a password needs at least ${minPasswordLength} characters`)
  }
  return { password }
}
