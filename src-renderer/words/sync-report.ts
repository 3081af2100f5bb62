import type { PendingChange } from '../../domain/rpc/quotes.ts'
import type { SyncStatus } from '../../domain/rpc/session.ts'
import type { StreamReport, VerifyResult } from '../../domain/rpc/sync.ts'

export interface SyncReport {
  at: string
  server_url: string
  status: SyncStatus
  outbox: readonly PendingChange[]
  streams: readonly StreamReport[]
}

/** Plain text for whoever helps: instants in UTC, hashes whole, no customer and no value of any quote. */
export function reportText({ at, server_url, status, outbox, streams }: SyncReport): string {
  const { connection } = status
  return [
    `QuoteDesk sync report ${at}`,
    `server: ${server_url}`,
    `connection: ${connection.state}${connection.state === 'offline' ? ` since ${connection.since}: ${connection.reason}` : ''}`,
    `last in step: ${status.last_synced_at ?? 'never'}`,
    `server clock minus this one: ${status.server_offset_ms === null ? 'not measured' : `${status.server_offset_ms} ms`}`,
    `toasts: ${status.toast_channel.kind}; sign-in: ${status.secret_keeping.kind}; alerts held: ${status.alerts_held}`,
    '',
    `outbox: ${outbox.length}`,
    ...outbox.map(outboxLine),
    '',
    `streams: ${streams.length}`,
    ...streams.flatMap(streamLines),
    '',
  ].join('\n')
}

function outboxLine({ entry, quote, quote_label, what, queued_at, state }: PendingChange): string {
  const how = state.kind === 'refused' ? `refused ${state.code}: ${state.message}` : stateWord(state)
  return `  ${entry} ${queued_at} ${quote_label} (${quote}) ${what}: ${how}`
}

const stateWord = (state: Exclude<PendingChange['state'], { kind: 'refused' }>) =>
  state.kind === 'acknowledged' ? 'acknowledged' : state.sent ? 'sent' : 'waiting'

function streamLines(stream: StreamReport): string[] {
  const { seq, head, gap, buffered, last_error } = stream
  return [
    `  ${stream.stream} "${stream.label}": ${stream.state}`,
    `    epoch ${stream.epoch ?? 'none'} seq ${seq} head ${head ?? 'unknown'} gap ${gap} buffered ${buffered}`,
    `    last event ${stream.last_event_at ?? 'none'}`,
    ...(last_error === null ? [] : [`    last error ${last_error.at} ${last_error.message}`]),
    ...(stream.verified === null ? [] : [`    verified ${verifyLine(stream.verified)}`]),
  ]
}

function verifyLine(result: VerifyResult): string {
  if (result.kind === 'damaged') return `${result.at} damaged: ${result.problems.join('; ')}`
  const ours = `${result.at} ${result.kind} at ${result.seq}: ${result.rows} rows ${result.hash}`
  return result.kind === 'same' ? ours : `${ours}, server ${result.server_rows} rows ${result.server_hash}`
}
