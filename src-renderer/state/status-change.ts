import type { NextState } from '../../domain/rpc/quotes.ts'
import type { Desk } from './desk.ts'

/** How long a connected engine usually needs to send a change; an offer to undo would only flash before. */
const settlesWithinMs = 400

export interface StatusChanged {
  mutationId: number
  /** Whether it still waits here, so that it can be taken back. */
  waiting: boolean
}

type Needs = Pick<Desk, 'engine' | 'data' | 'timers'>

/**
 * Takes a step. It shows at once; sending follows when there is a connection.
 * @throws the engine's refusal, with a text for people
 */
export async function changeStatus(
  { engine, data, timers }: Needs,
  quote: string,
  { to, outcome }: Pick<NextState, 'to' | 'outcome'>,
  reason: string | null,
): Promise<StatusChanged> {
  const { mutation_id } = await engine().quotes.changeStatus({ id: quote, to, outcome, reason })
  if (data.getState().status?.connection.state === 'live') {
    await new Promise<void>((resolve) => timers.after(settlesWithinMs, resolve))
  }
  const { changes } = await engine().outbox.list()
  const own = changes.find((change) => change.mutation_id === mutation_id)
  return { mutationId: mutation_id, waiting: own?.state.kind === 'waiting' }
}
