import { useCallback } from 'react'
import { toast } from 'sonner'
import type { StoreApi } from 'zustand/vanilla'
import type { NextState } from '../../domain/rpc/quotes.ts'
import type { Desk } from '../state/desk.ts'
import type { EngineData } from '../state/engine-data.ts'
import { changeStatus } from '../state/status-change.ts'
import { problemWords } from '../words/refusals.ts'
import { statusLook } from '../words/status.ts'
import { useDesk } from './desk-context.tsx'

/** Takes a step of the workflow, says when it is refused and offers to undo it for as long as it has not been sent. */
export function useStatusStep() {
  const desk = useDesk()
  return useCallback(
    async (quote: string, label: string, step: NextState, reason: string | null) => {
      try {
        const { mutationId, waiting } = await changeStatus(desk, quote, step, reason)
        if (waiting) offerUndo(desk, mutationId, `${label} is now ${statusLook(step.to, step.outcome).word}`)
      } catch (error) {
        toast.error(`${label} was not changed`, { description: problemWords(error), duration: 12_000 })
      }
    },
    [desk],
  )
}

function offerUndo({ engine, data }: Desk, mutationId: number, words: string) {
  const undo = async () => {
    try {
      await engine().outbox.discard({ mutation_id: mutationId })
    } catch (error) {
      toast.error('It could not be taken back', { description: problemWords(error) })
    }
  }
  const id = toast(words, {
    description: 'Waits to be sent.',
    duration: 10_000,
    action: { label: 'Undo', onClick: () => void undo() },
  })
  whenSent(data, mutationId, () => toast.dismiss(id))
}

/** Runs once the change no longer waits here: from then on there is nothing to undo. */
function whenSent(data: StoreApi<EngineData>, mutationId: number, run: () => void) {
  let seen = false
  const end = data.subscribe(({ outbox }) => {
    const waits = outbox.some((change) => change.mutation_id === mutationId && change.state.kind === 'waiting')
    // The list may not have been read again since the change was made.
    seen ||= waits
    if (waits || !seen) return
    end()
    run()
  })
}
