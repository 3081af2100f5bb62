import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseHostArguments } from './host-arguments.ts'
import { readRendererFiles } from './renderer-files.ts'
import { readSampleAccounts } from './sample-accounts.ts'
import { readServerUrl } from './server-address.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quotedesk-host-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const keepSettings = (text: string) =>
  mkdir(join(folder, 'client'), { recursive: true }).then(() =>
    writeFile(join(folder, 'client', 'settings.json'), text),
  )

describe('the built page', () => {
  it('is served by path with content types; hashed files may be cached for ever, the page never', async () => {
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<!doctype html>')
    await writeFile(join(folder, 'assets', 'index-abc.js'), '1')
    await writeFile(join(folder, 'assets', 'index-abc.js.map'), '{}')
    const files = await readRendererFiles(folder)
    expect([...files.keys()].sort()).toEqual(['/', '/assets/index-abc.js', '/index.html'])
    expect(files.get('/')).toMatchObject({ contentType: 'text/html; charset=utf-8', cacheControl: 'no-store' })
    expect(files.get('/assets/index-abc.js')?.cacheControl).toContain('immutable')
  })

  it('that is not there is said to be built first', async () => {
    await expect(readRendererFiles(join(folder, 'nowhere'))).rejects.toThrow('npm run build')
  })

  it('with a file of unknown kind is refused instead of served as something', async () => {
    await writeFile(join(folder, 'index.html'), '')
    await writeFile(join(folder, 'x.exe'), '')
    await expect(readRendererFiles(folder)).rejects.toThrow('x.exe')
  })
})

describe('the server of a client', () => {
  it('is what the command line says, before the settings', async () => {
    await keepSettings('{"server_url":"https://quotes.example.com/"}')
    expect(await readServerUrl('http://127.0.0.1:4000/', folder)).toBe('http://127.0.0.1:4000')
    expect(await readServerUrl(null, folder)).toBe('https://quotes.example.com')
  })

  it('is the local one when nothing says otherwise', async () => {
    expect(await readServerUrl(null, folder)).toBe('http://127.0.0.1:3002')
  })

  it.each(['not json', '{}', '{"server_url":"ftp://example.com"}'])(
    'in settings like %s is refused by name',
    async (text) => {
      await keepSettings(text)
      await expect(readServerUrl(null, folder)).rejects.toThrow('settings.json should hold {"server_url"')
    },
  )
})

describe('sample accounts', () => {
  const account = { name: 'Ada', role: 'rep', email: 'ada@example.com', password: 'secret' }

  it('are read from the file that was named, none without one', async () => {
    const file = join(folder, 'sample.json')
    await writeFile(file, JSON.stringify([account]))
    expect(await readSampleAccounts(file)).toEqual([account])
    expect(await readSampleAccounts(null)).toEqual([])
  })

  it.each(['not json', '{}', '[{"name":1}]'])('from a file that holds %s are refused', async (text) => {
    const file = join(folder, 'sample.json')
    await writeFile(file, text)
    await expect(readSampleAccounts(file)).rejects.toThrow('does not hold sample accounts')
  })
})

describe('arguments of a host', () => {
  it('have defaults for everything', () => {
    expect(parseHostArguments([])).toMatchObject({ server: null, sampleFile: null, open: true, port: 0 })
  })

  it('are read by name', () => {
    const args = ['--server', 'http://127.0.0.1:1', '--data', folder, '--sample', 'a.json', '--no-open', '--port', '81']
    expect(parseHostArguments(args)).toMatchObject({
      server: 'http://127.0.0.1:1',
      dataDir: folder,
      open: false,
      port: 81,
    })
  })

  it.each([
    [['--port', 'x'], '--port x: expected'],
    [['--port', '70000'], '--port 70000: expected'],
    [['--server', 'nonsense'], '--server nonsense: expected'],
    [['--unknown'], "Unknown option '--unknown'"],
  ])('that mean nothing are refused by name: %s', (args, message) => {
    expect(() => parseHostArguments(args)).toThrow(message)
  })
})
