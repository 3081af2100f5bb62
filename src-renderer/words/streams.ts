import type { StreamReport, VerifyResult } from '../../domain/rpc/sync.ts'
import { countWords, numberWords } from './money.ts'

type State = StreamReport['state']

export const streamStateWords: Record<State, string> = {
  offline: 'offline',
  catching_up: 'catching up',
  verifying: 'verifying',
  repairing: 'repairing',
  level: 'level',
}

/** Solid: level. Half: something is under way. Hollow: cut off. */
export const streamStateShape = (state: State): 'disc' | 'half' | 'ring' =>
  state === 'level' ? 'disc' : state === 'offline' ? 'ring' : 'half'

/** The first characters of a hash or epoch, enough to compare by eye. */
export const shortHash = (hash: string) => `${hash.slice(0, 4)}…`
export const shortEpoch = (epoch: string | null) => (epoch === null ? '—' : epoch.slice(0, 8))

/** What a verification found, in a sentence. */
export function verifyWords(result: VerifyResult): string {
  if (result.kind === 'same') {
    return `Same as the server: ${countWords(result.rows, 'row')}, hash ${shortHash(result.hash)}`
  }
  if (result.kind === 'damaged') return `The file is damaged: ${result.problems.join('; ')}`
  const { rows, server_rows, hash, server_hash } = result
  if (rows !== server_rows) {
    return `Different: ${countWords(rows, 'row')} here, ${numberWords(server_rows)} on the server`
  }
  return `Different: ${countWords(rows, 'row')} on both sides, hash ${shortHash(hash)} here, ${shortHash(server_hash)} on the server`
}

/** What all verifications together say, for one line above a long table; null when nothing was verified. */
export function verdictWords(streams: readonly StreamReport[]): { text: string; look: boolean } | null {
  const verified = streams.flatMap((stream) => (stream.verified === null ? [] : [{ stream, result: stream.verified }]))
  if (verified.length === 0) return null
  const wrong = verified.filter(({ result }) => result.kind !== 'same').map(({ stream }) => stream.label)
  if (wrong.length > 0) return { text: `Not the same as the server: ${wrong.join(', ')}.`, look: true }
  const of = verified.length === streams.length ? 'All' : `${numberWords(verified.length)} of`
  return { text: `${of} ${countWords(streams.length, 'stream')} are the same as the server’s.`, look: false }
}
