import type { ChangedFields, HistoryEntry, Quote } from '../../domain/quote.ts'
import { sameValue } from '../../domain/quote-edit.ts'
import type { FieldConflict } from '../../domain/wire/sync-http.ts'
import type { HistoryRow } from '../store/tables.ts'
import type { Tx } from '../store/tx.ts'

type Field = FieldConflict['field']
/** Status and outcome are one value: closed as won and closed as lost are not the same. */
export type Values = Partial<Record<Field, unknown>>

export const statusValue = (status: string, outcome: string | null): string =>
  outcome === null ? status : `${status} (${outcome})`

export interface Judgement {
  conflicts: FieldConflict[]
  /** Somebody else made this very change meanwhile: nothing is left to do. */
  sameAlready: boolean
}

/** What others did to a field since the base: the value it had before them, and who touched it last. */
interface Touch {
  base: unknown
  by: string | null
  at: string
}

type Row = Pick<HistoryRow, 'version' | 'from_status' | 'before' | 'actor_id' | 'at'>

/** Entries that are another's than this client's, which saw its own as pending when it made its next edit. */
const othersSince = `select version, from_status, before, actor_id, at from history
    where quote = ? and version > ? and kind = ? and client_id is not ? order by version`
const outcomeAt = 'select outcome from history where quote = ? and version = ?'

/**
 * A field is in conflict when others touched it since the base, and its present value is neither the wished one nor the one
 * it had at the base. Each kind of entry touches fields of its own, so only those of the wish's kind matter.
 */
export async function judge(
  tx: Tx,
  quote: Quote,
  wish: { kind: HistoryEntry['kind']; values: Values; base_version: number; client_id: string },
): Promise<Judgement> {
  if (wish.base_version >= quote.version) return { conflicts: [], sameAlready: false }
  const rows = tx.db.fixed<Row>(othersSince, [quote.id, wish.base_version, wish.kind, wish.client_id])
  const touches = new Map<Field, Touch>()
  for (const row of rows) {
    for (const [field, base] of await valuesBefore(tx, quote.id, row, wish.kind)) {
      const first = touches.get(field)
      touches.set(field, { base: first ? first.base : base, by: row.actor_id, at: row.at })
    }
  }
  const present: Values = { ...quote, status: statusValue(quote.status, quote.outcome) }
  const values = withMeantMoney(wish.values, (field) => touches.get(field)?.base ?? present[field])
  const differing = Object.entries(values).filter(([field, mine]) => !sameValue(mine, present[field as Field]))
  const conflicts = differing.flatMap(([name]) => {
    const field = name as Field
    const touch = touches.get(field)
    return touch && !sameValue(present[field], touch.base) ? [{ field, by: touch.by, at: touch.at }] : []
  })
  return { conflicts, sameAlready: touches.size > 0 && differing.length === 0 }
}

/**
 * An amount means nothing without its currency, nor a currency without its amounts: whoever sets one of them means the
 * others as they were at the base, and must not find them changed.
 */
function withMeantMoney(values: Values, atBase: (field: Field) => unknown): Values {
  const meant: Field[] = []
  if ('value_minor' in values || 'lines' in values) meant.push('currency')
  if ('currency' in values) meant.push('value_minor', 'lines')
  const added = meant.filter((field) => !(field in values)).map((field) => [field, atBase(field)])
  return { ...values, ...(Object.fromEntries(added) as Values) }
}

async function valuesBefore(tx: Tx, quote: string, row: Row, kind: HistoryEntry['kind']): Promise<[Field, unknown][]> {
  if (kind !== 'transition') {
    return Object.entries(row.before === null ? {} : (JSON.parse(row.before) as ChangedFields)) as [Field, unknown][]
  }
  const from = row.from_status ?? ''
  const [past] = from === 'closed' ? tx.db.fixed<{ outcome: string | null }>(outcomeAt, [quote, row.version - 1]) : []
  return [['status', statusValue(from, past?.outcome ?? null)]]
}

const words: Record<Field, string> = {
  status: 'status',
  customer_id: 'customer',
  title: 'title',
  currency: 'currency',
  lines: 'lines',
  value_minor: 'value',
  expires_on: 'valid-until date',
  time_zone: 'time zone',
  team_id: 'team',
  owner_id: 'owner',
}

export function conflictMessage(conflicts: readonly FieldConflict[]): string {
  const named = new Intl.ListFormat('en').format(conflicts.map(({ field }) => words[field]))
  return `Somebody else changed the ${named} meanwhile. Nothing was overwritten: compare both and decide again.`
}
