import type { PendingChange } from '../../domain/rpc/quotes.ts'
import type { Shape as ShapeName } from '../words/status.ts'
import { Shape } from './shape.tsx'

type State = PendingChange['state']

function look(state: State): { shape: ShapeName; word: string } {
  if (state.kind === 'refused') return { shape: 'disc', word: state.code === 'conflict' ? 'conflict' : 'refused' }
  if (state.kind === 'acknowledged') return { shape: 'check', word: 'acknowledged' }
  return state.sent ? { shape: 'half', word: 'on its way' } : { shape: 'ring', word: 'waiting' }
}

/** How far a change of mine has come, as shape and word. */
export function ChangeState({ state }: { state: State }) {
  const { shape, word } = look(state)
  return (
    <span className="change-state" data-kind={state.kind}>
      <Shape shape={shape} />
      {word}
    </span>
  )
}
