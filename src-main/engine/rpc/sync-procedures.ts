import { watch } from '../watching.ts'
import { accountOf, rpc } from './base.ts'

export const syncProcedures = {
  watch: rpc.sync.watch.handler(({ context, signal }) => {
    const { session, streamsTick } = context.engine
    const read = () => {
      const current = session.state.get()
      return { streams: current.state === 'signed_in' ? current.account.sync.reports() : [] }
    }
    return watch(streamsTick, read, signal)
  }),
  verify: rpc.sync.verify.handler(({ input, context }) => accountOf(context).sync.verify(input.stream)),
  repair: rpc.sync.repair.handler(async ({ input, context }) => {
    await accountOf(context).sync.repair(input.stream)
    return {}
  }),
}
