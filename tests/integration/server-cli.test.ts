import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCli } from '../../server/cli/program.ts'
import { verifyDatabase } from '../../server/store/verify.ts'
import { readState } from '../../server/sync/read-state.ts'
import { tempDataDir } from './support/world.ts'

// Every step is a process of its own, and on a busy machine each takes seconds to load.
vi.setConfig({ testTimeout: 90_000 })

const main = fileURLToPath(new URL('../../server/cli/main.ts', import.meta.url))

interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** The command line as a process of its own. */
function spawnCli(args: string[], stdin = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr })
    })
    child.stdin?.end(stdin)
  })
}

class Exit extends Error {}

/** The same command line in this process, which is quicker and seen by the coverage; commander's exits are caught. */
async function run(args: string[]): Promise<Ran> {
  const ran: Ran = { code: 0, stdout: '', stderr: '' }
  const keep = (name: 'stdout' | 'stderr') =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      ran[name] += String(text)
      return true
    })
  let exited: number | null = null
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    exited = Number(code ?? 0)
    throw new Exit()
  })
  const spies = [keep('stdout'), keep('stderr'), exit]
  try {
    await runCli(['node', 'quotedesk', ...args])
  } finally {
    for (const spy of spies) spy.mockRestore()
    ran.code = exited ?? Number(process.exitCode ?? 0)
    process.exitCode = undefined
  }
  // commander's exit is an exception here, which runCli then reports.
  return { ...ran, stderr: ran.stderr.replace(/^quotedesk: Error: \n[\s\S]*/m, '') }
}

const { dir, remove } = tempDataDir()
const quotedesk = (...args: string[]) => run([...args, '--data', dir])
const json = async (...args: string[]) => {
  const ran = await quotedesk(...args, '--json')
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(ran.stdout)
}

const children: ChildProcess[] = []
async function serve(...args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(main, ['serve', '--data', dir, '--port', '0', '--log-level', 'warn', ...args], { silent: true })
  children.push(child)
  const [message] = await once(child, 'message')
  expect(message).toMatchObject({ kind: 'listening' })
  return { child, url: (message as { url: string }).url }
}

beforeAll(async () => {
  await json('user', 'add', 'ann@example.com', '--name', 'Ann', '--team', 'Sales', '--role', 'manager')
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(remove)

describe('user', () => {
  test('add makes a password up or takes one, list shows everybody, and both can sign in', async () => {
    const made = await json('user', 'add', 'Bob@Example.com', '--name', 'Bob', '--team', 'Sales')
    expect(made.password).toMatch(/^[\w-]{16}$/)
    const given = await spawnCli(
      ['user', 'add', 'cy@example.com', '--name', 'Cy', '--team', 'Sales', '--password-stdin', '--json', '--data', dir],
      'my own password\n',
    )
    expect(given.stdout).not.toContain('my own password')
    const { people } = await json('user', 'list')
    expect(people.map(({ name, email }: { name: string; email: string }) => [name, email])).toEqual([
      ['Ann', 'ann@example.com'],
      ['Bob', 'bob@example.com'],
      ['Cy', 'cy@example.com'],
    ])
    const { url } = await serve()
    for (const [email, password] of [
      ['bob@example.com', made.password],
      ['cy@example.com', 'my own password'],
    ]) {
      const answer = await fetch(`${url}/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      expect(answer.status).toBe(200)
    }
  })

  test('set-role, set-password and deactivate hold at once, also while the server runs', async () => {
    await json('user', 'add', 'dee@example.com', '--name', 'Dee', '--team', 'Sales')
    const { url } = await serve()
    const { access_token: token } = await json('token', 'dee@example.com', '--ttl', '1h')
    const me = async () => {
      const answer = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })
      return { status: answer.status, body: (await answer.json()) as { memberships: { role: string }[] } }
    }
    expect((await me()).body.memberships[0]?.role).toBe('rep')
    await json('user', 'set-role', 'dee@example.com', '--team', 'Sales', '--role', 'viewer')
    expect((await me()).body.memberships[0]?.role).toBe('viewer')
    await json('user', 'set-role', 'dee@example.com', '--team', 'Sales', '--remove')
    expect((await me()).body.memberships).toEqual([])
    expect((await json('user', 'set-password', 'dee@example.com')).password).toBeTypeOf('string')
    await json('user', 'deactivate', 'dee@example.com')
    expect((await me()).status).toBe(401)
  })

  test.each([
    [
      'an address that is taken',
      ['user', 'add', 'ann@example.com', '--name', 'A', '--team', 'Sales'],
      /somebody has the e-mail/,
    ],
    ['an address that is none', ['user', 'add', 'ann', '--name', 'A', '--team', 'Sales'], /not an e-mail address/],
    [
      'a zone that is none',
      ['user', 'add', 'z@example.com', '--name', 'Z', '--team', 'Sales', '--time-zone', 'Mars'],
      /time_zone: .*IANA/,
    ],
    ['nobody', ['user', 'deactivate', 'who@example.com'], /nobody has the e-mail address who@example.com/],
    [
      'a role that is none',
      ['user', 'set-role', 'ann@example.com', '--team', 'Sales', '--role', 'king'],
      /Allowed choices are viewer/,
    ],
    [
      'neither role nor removal',
      ['user', 'set-role', 'ann@example.com', '--team', 'Sales'],
      /either --role ROLE or --remove/,
    ],
    ['a duration that is none', ['token', 'ann@example.com', '--ttl', 'long'], /"long" is not a duration/],
  ])('refuses %s with a clear line', async (_what, args, words) => {
    const { code, stdout, stderr } = await quotedesk(...args)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe('serve', () => {
  test('drains on SIGTERM, tells its parent nothing more and exits with 0', async () => {
    const { child, url } = await serve()
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(0)
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')
  })

  test('ends by itself when the launcher that forked it is gone', async () => {
    const { child } = await serve()
    child.disconnect()
    expect((await once(child, 'exit'))[0]).toBe(0)
  })

  test('a port that is taken is a clear line and a non-zero exit', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as { port: number }
    const { code, stderr } = await quotedesk('serve', '--port', String(port))
    blocker.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^quotedesk: port ${port} on 127\\.0\\.0\\.1 is taken: .*--port N\\n$`, 'm'))
  })

  test('a data folder that cannot be written is a clear line and a non-zero exit', async () => {
    writeFileSync(`${dir}/a-file`, '')
    const { code, stderr } = await run(['serve', '--port', '0', '--data', `${dir}/a-file`, '--log-level', 'silent'])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^quotedesk: the data folder .*a-file\/server cannot be written \(ENOTDIR\): .*--data DIR\n$/,
    )
  })

  test('what it keeps in the data folder is for this user alone', async () => {
    await serve()
    expect(statSync(`${dir}/server`).mode & 0o077).toBe(0)
    expect(statSync(`${dir}/server/signing.key`).mode & 0o077).toBe(0)
  })
})

describe('backup and verify', () => {
  test('a backup made while the server runs is whole and can take the place of the database', async () => {
    await serve()
    const file = `${dir}/copy/quotedesk.db`
    const { dir: other, remove: removeOther } = tempDataDir()
    await json('backup', `${other}/backup.db`)
    expect(await verifyDatabase(`${other}/backup.db`, readState)).toMatchObject({ ok: true, epoch: null })
    expect(existsSync(file)).toBe(false)
    const { mkdirSync } = await import('node:fs')
    mkdirSync(`${other}/server`)
    copyFileSync(`${other}/backup.db`, `${other}/server/quotedesk.db`)
    const verified = await run(['verify', '--data', other, '--json'])
    expect(verified.code).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, problems: [] })
    removeOther()
  })

  test('verify exits non-zero on damage and says what is damaged', async () => {
    const { dir: other, remove: removeOther } = tempDataDir()
    await json('backup', `${other}/backup.db`)
    const { mkdirSync } = await import('node:fs')
    mkdirSync(`${other}/server`)
    copyFileSync(`${other}/backup.db`, `${other}/server/quotedesk.db`)
    const { openRaw } = await import('../../server/store/connect.ts')
    const raw = openRaw(`${other}/server/quotedesk.db`, 'write')
    raw.exec(`update teams set name = 'Renamed by hand'`)
    raw.close()
    const { code, stdout } = await run(['verify', '--data', other])
    expect(code).toBe(1)
    expect(stdout).toMatch(/DAMAGED {2}team .*: its row differs from the log/)
    removeOther()
  })

  test('commands that look after a database do not make one', async () => {
    const { dir: empty, remove: removeEmpty } = tempDataDir()
    const commands = [['verify'], ['backup', 'x.db'], ['user', 'list'], ['token', 'a@b']]
    for (const command of commands) {
      const { code, stderr } = await run([...command, '--data', empty])
      expect(code).toBe(1)
      expect(stderr).toMatch(/there is no database at/)
    }
    expect(readdirSync(empty)).toEqual([])
    removeEmpty()
  })
})

test('every command explains itself and takes --data and --json', async () => {
  const users = ['add', 'list', 'set-password', 'set-role', 'deactivate'].map((command) => ['user', command])
  const commands = [['serve'], ...users, ['token'], ['backup'], ['verify']]
  for (const command of commands) {
    const { code, stdout } = await run([...command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/--data <dir>/)
    expect(stdout).toMatch(/--json/)
  }
})
