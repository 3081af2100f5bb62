import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient, InferContractRouterOutputs } from '@orpc/contract'
import type { Port } from '../../domain/host/port.ts'
import type { EngineContract } from '../../domain/rpc/contract.ts'

export type EngineClient = ContractRouterClient<EngineContract>

type Outputs = InferContractRouterOutputs<EngineContract>
type Yielded<T> = T extends AsyncIterable<infer Value> ? Value : never

export type CacheChange = Yielded<Outputs['changes']['watch']>
export type PipelineFigures = Outputs['pipeline']['get']
export type Directory = Outputs['directory']['get']
export type CustomerChoice = Outputs['directory']['customers']['customers'][number]

/** Typed calls over a Port. When the port closes, calls under way fail and watches end. */
export function createEngineClient(port: Port): EngineClient {
  const link = new RPCLink({
    port: {
      on: (event, listener) => {
        if (event === 'message') port.onMessage((data) => listener({ data }))
        else if (event === 'close') port.onClose(() => listener())
      },
      postMessage: (message: unknown) => port.post(message),
    },
  })
  return createORPCClient(link)
}
