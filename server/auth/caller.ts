import type { Person } from '../../domain/directory.ts'

/** Who a request or socket acts for: an active person with the memberships of this very moment, read from the database. */
export type Caller = Person
