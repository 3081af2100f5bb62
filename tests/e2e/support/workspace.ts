import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type SampleAccount, sampleAccountSchema } from '../../../domain/host/messages.ts'
import { projectRoot } from './child.ts'
import { TestServer } from './server.ts'

const run = promisify(execFile)

/** A server with the sample workspace (3 teams, 12 people, 60 customers, 2,000 quotes) in a folder of its own. */
export interface Workspace {
  dataDir: string
  sampleFile: string
  server: TestServer
  accounts: SampleAccount[]
  /** The first account whose role says so, e.g. `rep`; throws when there is none. */
  account(role: string): SampleAccount
  /** Stops the server and deletes everything. */
  dispose(): Promise<void>
}

/** Makes the sample once; each test then works on a copy. Returns the folder. */
export async function makeTemplate(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quotedesk-template-'))
  await run(process.execPath, [join(projectRoot, 'server', 'cli', 'main.ts'), 'sample', '--data', dataDir])
  return dataDir
}

export async function openWorkspace(template: string): Promise<Workspace> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quotedesk-e2e-'))
  await cp(template, dataDir, { recursive: true })
  const sampleFile = join(dataDir, 'sample-accounts.json')
  const accounts = sampleAccountSchema.array().parse(JSON.parse(await readFile(sampleFile, 'utf8')))
  const server = new TestServer(dataDir)
  await server.start()
  return {
    dataDir,
    sampleFile,
    server,
    accounts,
    account: (role) => {
      const found = accounts.find((account) => account.role === role || account.role.startsWith(`${role} `))
      if (found) return found
      throw new Error(`no account is a ${role}; there are: ${accounts.map((account) => account.role).join(', ')}`)
    },
    dispose: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
