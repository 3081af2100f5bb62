import { readExternalRefs, saveExternalRef } from '../store/external-refs.ts'
import type { Tx } from '../store/tx.ts'

export type Kind = 'team' | 'person' | 'customer' | 'quote'

/** Ids of what the source calls by a ref: known from an earlier import, or remembered as this one makes them. */
export class KnownThings {
  private readonly tx: Tx
  private readonly source: string
  private readonly refs: Map<string, string>

  private constructor(tx: Tx, source: string, refs: Map<string, string>) {
    this.tx = tx
    this.source = source
    this.refs = refs
  }

  static async load(tx: Tx, source: string): Promise<KnownThings> {
    return new KnownThings(tx, source, await readExternalRefs(tx.db, source))
  }

  find(kind: Kind, ref: string): string | null {
    return this.refs.get(`${kind}:${ref}`) ?? null
  }

  /** The id of a thing that the plan put before this one. */
  mustFind(kind: Kind, ref: string): string {
    const id = this.find(kind, ref)
    if (id === null) throw new Error(`the plan names the ${kind} "${ref}", but does not hold it`)
    return id
  }

  async remember(kind: Kind, ref: string, id: string): Promise<void> {
    this.refs.set(`${kind}:${ref}`, id)
    await saveExternalRef(this.tx, { source: this.source, ref: `${kind}:${ref}`, id })
  }
}

/** Name → id, for names that exactly one thing carries: two of a name cannot be told apart, so neither is taken. */
export function uniqueByName(things: ReadonlyArray<{ id: string; name: string }>): Map<string, string> {
  const grouped = Map.groupBy(things, (thing) => thing.name)
  return new Map(
    [...grouped].flatMap(([name, [only, ...more]]) => (only && more.length === 0 ? [[name, only.id]] : [])),
  )
}
