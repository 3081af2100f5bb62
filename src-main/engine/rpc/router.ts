import { alertProcedures } from './alert-procedures.ts'
import {
  calendarProcedures,
  diagnosticsProcedures,
  policyProcedures,
  settingsProcedures,
} from './alert-settings-procedures.ts'
import { rpc } from './base.ts'
import { changeProcedures } from './change-procedures.ts'
import { directoryProcedures } from './directory-procedures.ts'
import { outboxProcedures } from './outbox-procedures.ts'
import { pipelineProcedures } from './pipeline-procedures.ts'
import { quoteProcedures } from './quote-procedures.ts'
import { sessionProcedures, statusProcedures } from './session-procedures.ts'
import { syncProcedures } from './sync-procedures.ts'
import { windowProcedures } from './window-procedures.ts'

/** The whole contract, so that the compiler says what is missing. */
export const router = rpc.router({
  session: sessionProcedures,
  status: statusProcedures,
  changes: changeProcedures,
  quotes: quoteProcedures,
  outbox: outboxProcedures,
  sync: syncProcedures,
  pipeline: pipelineProcedures,
  directory: directoryProcedures,
  alerts: alertProcedures,
  calendar: calendarProcedures,
  settings: settingsProcedures,
  policy: policyProcedures,
  diagnostics: diagnosticsProcedures,
  window: windowProcedures,
})
