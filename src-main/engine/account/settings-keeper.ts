import type { AlertSettings } from '../../../domain/alert-settings.ts'
import type { Cache } from '../cache/open-cache.ts'
import { readPolicy, readSettings } from '../cache/saved-settings.ts'
import { type Cell, createCell } from '../cell.ts'

/** The settings that hold on this machine, confirmed or waiting; another value only when they say something else. */
export function followSettings(cache: Cache): Cell<AlertSettings> {
  const read = (): AlertSettings => {
    const { rules, calendars } = readPolicy(cache.read).policy
    return { workspace: { rules, calendars }, person: readSettings(cache.read).settings }
  }
  const cell = createCell(read())
  cache.onCommit((touch) => {
    if (!touch.settings) return
    const now = read()
    if (JSON.stringify(now) !== JSON.stringify(cell.get())) cell.set(now)
  })
  return cell
}
