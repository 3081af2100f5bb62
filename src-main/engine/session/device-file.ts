import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { entityIdSchema } from '../../../domain/ids.ts'

const deviceSchema = z.strictObject({ last_person: z.record(z.string(), entityIdSchema) })

/** Who was signed in last at each server; no secrets. It lets a restart open the right cache while the server is away. */
export interface DeviceFile {
  lastPerson: (serverUrl: string) => string | null
  remember: (serverUrl: string, personId: string) => void
}

export function createDeviceFile(file: string): DeviceFile {
  const read = (): z.infer<typeof deviceSchema> => {
    try {
      return deviceSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      // Missing on the first start. Unreadable costs one sign-in: the caches themselves do not depend on it.
      return { last_person: {} }
    }
  }
  return {
    lastPerson: (serverUrl) => read().last_person[serverUrl] ?? null,
    remember: (serverUrl, personId) => {
      const device = read()
      if (device.last_person[serverUrl] === personId) return
      device.last_person[serverUrl] = personId
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      writeFileSync(`${file}.new`, JSON.stringify(device), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}
