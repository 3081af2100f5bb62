import type { Session } from '../../../domain/rpc/session.ts'
import { readStatus } from '../status.ts'
import { watch } from '../watching.ts'
import { type RpcContext, rpc } from './base.ts'

export const sessionProcedures = {
  watch: rpc.session.watch.handler(({ context, signal }) => {
    // The person's own entry and the workspace's name come with the directory.
    const source = {
      subscribe: (listener: () => void) => {
        const stops = [
          context.engine.session.state.subscribe(listener),
          context.engine.changes.subscribe((change) => {
            if (change.directory) listener()
          }),
        ]
        return () => {
          for (const stop of stops) stop()
        }
      },
    }
    return watch(source, () => readSession(context), signal)
  }),
  signIn: rpc.session.signIn.handler(async ({ input, context }) => {
    await context.engine.session.signIn(input.email, input.password)
    return {}
  }),
  signInSample: rpc.session.signInSample.handler(async ({ input, context }) => {
    await context.engine.session.signInSample(input.email)
    return {}
  }),
  signOut: rpc.session.signOut.handler(({ context }) => {
    context.engine.session.signOut()
    return {}
  }),
  dismissNotice: rpc.session.dismissNotice.handler(({ context }) => {
    context.engine.session.dismissNotice()
    return {}
  }),
}

function readSession({ engine }: RpcContext): Session {
  const { server_url, sample_accounts } = engine.start
  const current = engine.session.state.get()
  if (current.state === 'signed_in') {
    const { person, workspace, notice } = current.account
    return { state: 'signed_in', server_url, person: person.get(), workspace: workspace(), notice: notice() }
  }
  // Passwords stay here: the window only needs to know whom it may choose.
  const choices = sample_accounts.map(({ name, role, email }) => ({ name, role, email }))
  return { state: 'signed_out', server_url, sample_accounts: choices, problem: current.problem }
}

export const statusProcedures = {
  watch: rpc.status.watch.handler(({ context, signal }) => {
    const { session, statusTick, toastChannel, start } = context.engine
    return watch(
      statusTick,
      () =>
        readStatus(session.state.get(), {
          toastChannel: toastChannel.get(),
          secretKeeping: start.secret_keeping,
        }),
      signal,
    )
  }),
  retryNow: rpc.status.retryNow.handler(({ context }) => {
    const current = context.engine.session.state.get()
    if (current.state === 'signed_in') current.account.sync.retryNow()
    return {}
  }),
}
