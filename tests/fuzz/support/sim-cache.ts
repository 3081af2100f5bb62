import { type Cache, openCache } from '../../../src-main/engine/cache/open-cache.ts'
import type { CrashPoint } from './crash-point.ts'
import type { Sabotage } from './sabotage.ts'

/**
 * The real cache, opened from its file, whose every statement is a moment to be killed at: the file then holds what a killed
 * process leaves.
 */
export function openWatchedCache(file: string, point: CrashPoint, sabotage: Sabotage): Cache {
  const cache = openCache(file)
  cache.onCommit(() => point.hit('committed'))
  return {
    ...cache,
    transact: (work) => {
      point.hit('before begin')
      const late: [string, ...Parameters<typeof cache.read.get>[1][]][] = []
      const result = cache.transact((db) => {
        const done = work({
          ...db,
          run: (sql, ...values) => {
            point.hit(sql.slice(0, 60))
            const instead = sabotage.onRun?.(sql)
            if (instead === undefined) return db.run(sql, ...values)
            if (instead === 'late') late.push([sql, ...values] as never)
            return { changes: 0, row: 0 }
          },
        })
        point.hit('before commit')
        return done
      })
      for (const [sql, ...values] of late) {
        point.hit('between transactions')
        cache.transact((db) => void db.run(sql, ...values))
      }
      return result
    },
  }
}
