import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseHost } from './choose-host.ts'
import { clearData, ensureSample, prepareDataFolder } from './data-folder.ts'
import { findElectronRuntime } from './electron-runtime.ts'
import { parseStartOptions } from './options.ts'
import { assertPortFree } from './server-process.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quotedesk-tools-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('which host is opened', () => {
  const here = { platform: 'linux', isRoot: false, hasDisplay: true } as const
  const found = { found: true, executable: '/electron' } as const
  const missing = { found: false, reason: 'not here' } as const

  it('Electron where its runtime is, saying so', () => {
    expect(chooseHost('auto', found, here)).toEqual({
      host: 'electron',
      executable: '/electron',
      why: 'its runtime is here',
    })
  })

  it.each([
    ['no runtime', missing, here, 'not here'],
    ['root', found, { ...here, isRoot: true }, 'does not run as root'],
    ['no display', found, { ...here, hasDisplay: false }, 'no display'],
  ])('the browser with %s, saying why', (_name, runtime, surroundings, why) => {
    expect(chooseHost('auto', runtime, surroundings)).toEqual({ host: 'browser', why: expect.stringContaining(why) })
  })

  it('the browser when asked for, even where Electron is', () => {
    expect(chooseHost('browser', found, here)).toMatchObject({ host: 'browser' })
  })

  it('never silently another than the one asked for', () => {
    expect(() => chooseHost('electron', missing, here)).toThrow('--host electron: not here. Use --host browser')
  })
})

describe('Electron’s runtime', () => {
  it('is there when its package names a program that exists', async () => {
    await mkdir(join(folder, 'dist'))
    await writeFile(join(folder, 'path.txt'), 'electron')
    expect(findElectronRuntime({}, folder)).toMatchObject({ found: false })
    await writeFile(join(folder, 'dist', 'electron'), '')
    expect(findElectronRuntime({}, folder)).toEqual({ found: true, executable: join(folder, 'dist', 'electron') })
  })

  it('may be somewhere else, and is said to be missing where the variable is wrong', async () => {
    await writeFile(join(folder, 'electron'), '')
    const env = { ELECTRON_OVERRIDE_DIST_PATH: folder }
    expect(findElectronRuntime(env, '/nowhere')).toEqual({ found: true, executable: join(folder, 'electron') })
    expect(findElectronRuntime({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, folder)).toMatchObject({
      found: false,
      reason: expect.stringContaining('/nowhere'),
    })
  })
})

describe('flags of npm start', () => {
  it('have defaults', () => {
    expect(parseStartOptions([])).toMatchObject({ host: 'auto', open: true, port: 3002, fresh: false })
  })
  it('are read', () => {
    const args = ['--host', 'browser', '--no-open', '--data', folder, '--port', '0', '--fresh']
    expect(parseStartOptions(args)).toEqual({
      host: 'browser',
      open: false,
      dataDir: folder,
      port: 0,
      fresh: true,
      help: false,
    })
  })
  it.each([
    [['--host', 'firefox'], '--host firefox: expected'],
    [['--port', 'abc'], '--port abc: expected'],
    [['--port', '99999'], '--port 99999: expected'],
    [['--port', ''], '--port : expected'],
    [['--prot', '1'], "Unknown option '--prot'"],
  ])('that mean nothing are refused by name: %s', (args, message) => {
    expect(() => parseStartOptions(args)).toThrow(message)
  })
})

describe('the data folder', () => {
  it('is made where it is missing', async () => {
    await prepareDataFolder(join(folder, 'a', 'b'))
    expect(await readdir(join(folder, 'a', 'b'))).toEqual([])
  })

  it('that cannot be written is named, with what to do', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(prepareDataFolder(join(folder, 'file'))).rejects.toThrow(
      /file cannot be written \(EEXIST\).*--data DIR/,
    )
  })

  it.skipIf(process.getuid?.() === 0)('that this user may not write is named too', async () => {
    await chmod(folder, 0o500)
    await expect(prepareDataFolder(folder)).rejects.toThrow('EACCES')
    await chmod(folder, 0o700)
  })

  it('is cleared of server and client alone', async () => {
    await mkdir(join(folder, 'server'))
    await mkdir(join(folder, 'client'))
    await writeFile(join(folder, 'sample-accounts.json'), '[]')
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await clearData(folder)
    expect(await readdir(folder)).toEqual(['notes.txt'])
  })

  it('gets a sample workspace once', async () => {
    const make = vi.fn(() => mkdir(join(folder, 'server')))
    expect(await ensureSample(folder, make)).toBe(true)
    expect(await ensureSample(folder, make)).toBe(false)
    expect(make).toHaveBeenCalledTimes(1)
  })

  it('with data of its own gets no sample', async () => {
    await mkdir(join(folder, 'server'))
    expect(await ensureSample(folder, () => Promise.reject(new Error('not wanted')))).toBe(false)
  })

  it('whose sample was cut short gets it made again from nothing', async () => {
    const interrupted = async () => {
      await mkdir(join(folder, 'server'))
      throw new Error('Ctrl-C')
    }
    await expect(ensureSample(folder, interrupted)).rejects.toThrow('Ctrl-C')
    const seen: string[][] = []
    const make = async () => {
      seen.push(await readdir(folder))
      await mkdir(join(folder, 'server'))
    }
    expect(await ensureSample(folder, make)).toBe(true)
    expect(seen).toEqual([['sample-unfinished']])
    expect(await readdir(folder)).toEqual(['server'])
  })
})

it('a port that is taken is named, with what to do', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await expect(assertPortFree(port)).rejects.toThrow(
    `Port ${port} is taken. Stop what listens there, or choose another`,
  )
  await new Promise((resolve) => other.close(resolve))
  await expect(assertPortFree(port)).resolves.toBeUndefined()
})
