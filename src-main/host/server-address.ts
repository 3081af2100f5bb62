import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Where a server runs that nobody configured: the one of `npm start` on the same machine. */
const defaultServerUrl = 'http://127.0.0.1:3002'

const settingsSchema = z.object({ server_url: z.url({ protocol: /^https?$/ }) })

/**
 * The server this client belongs to: what the command line says, else `<data>/client/settings.json`
 * (`{"server_url": "https://…"}`), else the local default.
 * @throws Error when the settings file is there but says something else
 */
export async function readServerUrl(fromCommandLine: string | null, dataDir: string): Promise<string> {
  if (fromCommandLine !== null) return new URL(fromCommandLine).origin
  const file = join(dataDir, 'client', 'settings.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new Error(`the settings in ${file} cannot be read (${error.code})`)
  })
  if (text === null) return defaultServerUrl
  try {
    return new URL(settingsSchema.parse(JSON.parse(text)).server_url).origin
  } catch {
    throw new Error(`${file} should hold {"server_url": "https://…"}, and holds something else`)
  }
}
