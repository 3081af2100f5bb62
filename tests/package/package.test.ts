import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../tools/build/ensure-built.ts'
import { packStandIn } from '../../tools/dist/pack-stand-in.ts'

let output: string
let app: string
let asar: string
let files: string[]

beforeAll(async () => {
  await ensureBuilt()
  output = await mkdtemp(join(tmpdir(), 'quotedesk-package-'))
  app = await packStandIn(output)
  asar = join(app, 'resources', 'app.asar')
  files = listPackage(asar, { isPack: false }).map((file) => file.slice(1))
}, 240_000)

afterAll(() => rm(output, { recursive: true, force: true }))

describe('the package', () => {
  it('holds the built client and what starts it', () => {
    for (const file of [
      'package.json',
      'out/main/index.js',
      'out/main/engine.js',
      'out/preload/index.cjs',
      'out/renderer/index.html',
    ]) {
      expect(files).toContain(file)
    }
  })

  it('holds nothing but the built client and the native module: no sources, tests, tools or other dependencies', () => {
    const expected = /^(package\.json|out(\/(main|preload|renderer)(\/.*)?)?|node_modules(\/better-sqlite3(\/.*)?)?)$/
    expect(files.filter((file) => !expected.test(file))).toEqual([])
    expect(files.filter((file) => /\.(ts|tsx|map|md|test\.js)$/.test(file))).toEqual([])
  })

  it('leaves the browser host out', () => {
    expect(files.filter((file) => file.includes('browser-host'))).toEqual([])
  })

  it('carries the native module for this platform alone, unpacked: no code is loaded out of an archive', async () => {
    const native = files.filter((file) => file.endsWith('.node'))
    expect(native).toEqual(['node_modules/better-sqlite3/prebuilds/linux-x64.node'])
    await access(join(app, 'resources', 'app.asar.unpacked', native[0] ?? ''))
  })

  it('names what Electron loads first', () => {
    const manifest = JSON.parse(extractFile(asar, 'package.json').toString()) as Record<string, unknown>
    expect(manifest).toMatchObject({ name: 'quotedesk', main: 'out/main/index.js', type: 'module' })
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(manifest).not.toHaveProperty('scripts')
  })

  it('every import of the bundles is of Node, Electron or the packed module', async () => {
    const bundles = files.filter((file) => /^out\/main\/.*\.js$/.test(file))
    const imports = bundles.flatMap((file) => {
      const code = extractFile(asar, file).toString()
      return [...code.matchAll(/^import\s(?:.*?\sfrom\s)?"([^"]+)";?$/gm)].map((match) => match[1] ?? '')
    })
    const foreign = imports.filter((name) => !name.startsWith('node:') && !name.startsWith('.'))
    const { builtinModules } = await import('node:module')
    expect([...new Set(foreign)].filter((name) => !builtinModules.includes(name)).sort()).toEqual([
      'better-sqlite3',
      'electron',
    ])
  })
})

describe('fuses', () => {
  const on = ['OnlyLoadAppFromAsar', 'EnableEmbeddedAsarIntegrityValidation', 'EnableCookieEncryption'] as const
  const off = [
    'RunAsNode',
    'EnableNodeOptionsEnvironmentVariable',
    'EnableNodeCliInspectArguments',
    'GrantFileProtocolExtraPrivileges',
    'LoadBrowserProcessSpecificV8Snapshot',
  ] as const

  it.each([
    ...on.map((fuse) => [fuse, FuseState.ENABLE] as const),
    ...off.map((fuse) => [fuse, FuseState.DISABLE] as const),
  ])('%s is set', async (fuse, state) => {
    const wire = await getCurrentFuseWire(join(app, 'quotedesk'))
    expect(wire[FuseV1Options[fuse]]).toBe(state)
  })
})

it('the stand-in says that it is none when somebody starts it', async () => {
  expect((await readFile(join(app, 'quotedesk'))).toString('latin1')).toContain('This is a stand-in for Electron')
})
