import { useCallback } from 'react'
import type { NextState } from '../../domain/rpc/quotes.ts'
import { statusLook } from '../words/status.ts'
import { useDesk } from './desk-context.tsx'
import { tellChange, tellRefusal } from './told-change.ts'

/** Takes a step of the workflow, which shows at once; says so with an undo, or says why it is refused. */
export function useStatusStep() {
  const desk = useDesk()
  return useCallback(
    async (quote: string, label: string, { to, outcome }: NextState, reason: string | null) => {
      try {
        const { entry } = await desk.engine().quotes.changeStatus({ id: quote, to, outcome, reason })
        tellChange(desk, entry, `${label} is now ${statusLook(to, outcome).word}`)
      } catch (error) {
        tellRefusal(`${label} was not changed`, error)
      }
    },
    [desk],
  )
}
