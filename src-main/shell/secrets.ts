import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { safeStorage } from 'electron'
import type { SecretKeeping } from '../../domain/host/messages.ts'

const sessionOnly = (reason: string): SecretKeeping => ({ kind: 'session_only', reason })

/** Whether a token can be kept so that only this person's login opens it; on Linux `basic_text` is no encryption. */
export async function judgeSecretKeeping(platform: NodeJS.Platform): Promise<SecretKeeping> {
  if (platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend()
    if (backend === 'basic_text' || backend === 'unknown') {
      return sessionOnly('this desktop has no key store (GNOME Keyring or KWallet): sign in again after a restart')
    }
  }
  if (await safeStorage.isAsyncEncryptionAvailable()) return { kind: 'kept' }
  return sessionOnly("the system's key store does not answer: sign in again after a restart")
}

/** The refresh token between starts: encrypted by the system, in a file only this user may read. */
export class SecretStore {
  private readonly file: string
  private readonly keeping: SecretKeeping
  private value: string | null = null
  private lastWrite: Promise<void> = Promise.resolve()

  private constructor(file: string, keeping: SecretKeeping) {
    this.file = file
    this.keeping = keeping
  }

  static async open(file: string, keeping: SecretKeeping): Promise<SecretStore> {
    const store = new SecretStore(file, keeping)
    if (keeping.kind === 'kept') store.value = await decrypted(file)
    return store
  }

  current(): string | null {
    return this.value
  }

  /** Writes are done in the order of the calls; resolves when this one is on disk. */
  keep(secret: string | null): Promise<void> {
    this.value = secret
    if (this.keeping.kind !== 'kept') return Promise.resolve()
    this.lastWrite = this.lastWrite.catch(() => undefined).then(() => this.write(secret))
    return this.lastWrite
  }

  private async write(secret: string | null): Promise<void> {
    if (secret === null) return rm(this.file, { force: true })
    await mkdir(dirname(this.file), { recursive: true })
    // Renamed into place: a crash leaves the old token or the new one, never half of one.
    const fresh = `${this.file}.new`
    await writeFile(fresh, await safeStorage.encryptStringAsync(secret), { mode: 0o600 })
    await rename(fresh, this.file)
  }
}

/** null when nothing is kept, or when the key store cannot open it any more: the person signs in again. */
async function decrypted(file: string): Promise<string | null> {
  const encrypted = await readFile(file).catch(() => null)
  if (encrypted === null) return null
  const opened = await safeStorage.decryptStringAsync(encrypted).catch(() => null)
  return opened?.result ?? null
}
