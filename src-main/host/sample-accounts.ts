import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type SampleAccount, sampleAccountSchema } from '../../domain/host/messages.ts'

/**
 * Reads the accounts of the sample workspace for one-click sign-in; none without a file name.
 * @throws Error when the file was named but cannot be read or holds something else
 */
export async function readSampleAccounts(file: string | null): Promise<SampleAccount[]> {
  if (file === null) return []
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `the sample accounts in ${file} cannot be read (${error.code}): start with --fresh to make new ones`,
    )
  })
  const accounts = z.array(sampleAccountSchema).safeParse(parseJson(text))
  if (!accounts.success) throw new Error(`${file} does not hold sample accounts: start with --fresh to make new ones`)
  return accounts.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
