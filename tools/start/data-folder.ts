import { existsSync } from 'node:fs'
import { access, constants, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const sampleAccountsFile = (dataDir: string): string => join(dataDir, 'sample-accounts.json')
const unfinishedFile = (dataDir: string): string => join(dataDir, 'sample-unfinished')
const serverDir = (dataDir: string): string => join(dataDir, 'server')

/**
 * Makes the data folder, for this user alone.
 * @throws Error that says so when it cannot be written
 */
export async function prepareDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.W_OK)
    // As root every folder counts as accessible, and some (read-only mounts) still refuse.
    await writeFile(join(dataDir, '.writable'), '')
    await rm(join(dataDir, '.writable'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`The data folder ${dataDir} cannot be written (${code}). Choose another with --data DIR.`, {
      cause: error,
    })
  }
}

/** Forgets what server and client keep there; nothing else in the folder is touched. */
export async function clearData(dataDir: string): Promise<void> {
  for (const path of [
    serverDir(dataDir),
    join(dataDir, 'client'),
    sampleAccountsFile(dataDir),
    unfinishedFile(dataDir),
  ]) {
    await rm(path, { recursive: true, force: true })
  }
}

/**
 * Makes the sample workspace when there is no server data yet, or when making it was cut short last time.
 * @returns whether it was made
 */
export async function ensureSample(dataDir: string, make: () => Promise<void>): Promise<boolean> {
  const unfinished = existsSync(unfinishedFile(dataDir))
  if (!unfinished && existsSync(serverDir(dataDir))) return false
  if (unfinished) await clearData(dataDir)
  await writeFile(unfinishedFile(dataDir), '')
  await make()
  await rm(unfinishedFile(dataDir))
  return true
}
