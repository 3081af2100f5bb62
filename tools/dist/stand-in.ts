import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What marks the fuse wire in Electron's executable; version 1 and nine fuses follow it. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const wireVersion = 1
const fuseCount = 9

/**
 * A folder in the shape of Electron's Linux runtime: an executable that only says what it is, with a fuse wire to
 * flip. Enough to pack an app around and look at the result; nothing in it runs an app.
 */
export async function writeStandInRuntime(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true })
  await mkdir(join(folder, 'locales'), { recursive: true })
  const script = '#!/bin/sh\necho "This is a stand-in for Electron: it runs nothing." >&2\nexit 1\n'
  const wire = Buffer.concat([
    Buffer.from(sentinel),
    Buffer.from([wireVersion, fuseCount]),
    Buffer.alloc(fuseCount, '0'),
  ])
  await writeFile(join(folder, 'electron'), Buffer.concat([Buffer.from(script), wire]))
  await chmod(join(folder, 'electron'), 0o755)
  await writeFile(join(folder, 'version'), version)
  await writeFile(join(folder, 'locales', 'en-US.pak'), '')
  await writeFile(join(folder, 'LICENSE'), 'Stand-in\n')
  await writeFile(join(folder, 'LICENSES.chromium.html'), 'Stand-in\n')
}
