import type { refusalCodes } from '../../../domain/rpc/quotes.ts'
import type { Mutation, QuoteMutation } from '../../../domain/wire/sync-http.ts'

export type RefusalCode = (typeof refusalCodes)[number]

type WithoutNumber<Each> = Each extends unknown ? Omit<Each, 'mutation_id'> : never
/** An edit of a quote as the server will be told it, but for its number. */
export type EditBody = WithoutNumber<QuoteMutation>
/** A change that is about no quote, as the server will be told it, but for its number. */
export type OwnBody = WithoutNumber<Exclude<Mutation, QuoteMutation>>
export type SaveBody = Exclude<OwnBody, { name: 'alert.mark' }>
