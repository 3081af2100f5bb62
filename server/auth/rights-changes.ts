import type { Db } from '../store/connect.ts'

/** `family` is the sign-in that was voided; null when the person's account, teams or roles changed. */
export interface RightsChange {
  seq: number
  person_id: string
  family: string | null
}

/** As long as this stays, nobody's rights have changed, whichever process could have changed them. */
export function newestRightsChange(db: Db): number {
  return db.fixed<{ seq: number | null }>('select max(seq) as seq from rights_changes', [])[0]?.seq ?? 0
}

export function rightsChangesAfter(db: Db, seq: number, limit: number): RightsChange[] {
  return db.fixed<RightsChange>('select * from rights_changes where seq > ? order by seq limit ?', [seq, limit])
}
