import { storageContract } from './storage-contract.ts'
import { openSqliteStreamStore } from './storage-sqlite.ts'

storageContract('SQLite', openSqliteStreamStore)
