import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type BrowserWindow, screen } from 'electron'
import { z } from 'zod'

const windowStateSchema = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(640).max(20_000),
  height: z.int().min(480).max(20_000),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowStateSchema>

const firstState: WindowState = { width: 1280, height: 820, maximized: false }

/** Where the window was; centred when that place is on no screen any more or nothing usable is kept. */
export function readWindowState(file: string): WindowState {
  const kept = windowStateSchema.safeParse(readJson(file))
  if (!kept.success) return firstState
  const { x, y, width, height, maximized } = kept.data
  if (x === undefined || y === undefined) return { width, height, maximized }
  const { workArea } = screen.getDisplayMatching({ x, y, width, height })
  const visible =
    x < workArea.x + workArea.width && x + width > workArea.x && y >= workArea.y && y < workArea.y + workArea.height
  return visible ? kept.data : { width, height, maximized }
}

/** Synchronous, because a window that closes with the app leaves no time to wait. */
export function keepWindowState(file: string, window: BrowserWindow): void {
  const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(state))
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
