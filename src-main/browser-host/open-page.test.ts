import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openers, openPage } from './open-page.ts'

const url = 'http://127.0.0.1:1/#token=t'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quotedesk-open-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

async function program(name: string) {
  const file = join(folder, name)
  await writeFile(file, '#!/bin/sh\nexit 0\n')
  await chmod(file, 0o755)
  return file
}

describe('ways to open the page', () => {
  it('an app window of Chromium first, then the default browser', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000)
    const chromium = await program('chromium')
    const [first, second] = openers(url, '/profile', 'linux', { PATH: folder, DISPLAY: ':0' })
    expect(first).toMatchObject({ command: chromium, appWindow: true })
    expect(first?.args).toContain(`--app=${url}`)
    expect(first?.args).toContain('--user-data-dir=/profile')
    expect(second).toEqual({ command: 'xdg-open', args: [url], appWindow: false })
  })

  it('never a Chromium without its sandbox: as root it is left out', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(0)
    await program('chromium')
    const commands = openers(url, '/profile', 'linux', { PATH: folder, DISPLAY: ':0' }).map(({ command }) => command)
    expect(commands).toEqual(['xdg-open'])
  })

  it('none without a display', () => {
    expect(openers(url, '/profile', 'linux', { PATH: folder })).toEqual([])
  })

  it('`open` and `start` on the other systems', () => {
    expect(openers(url, '/p', 'darwin', {}).at(-1)).toMatchObject({ command: 'open' })
    expect(openers(url, '/p', 'win32', {}).at(-1)).toMatchObject({ command: 'cmd', args: ['/c', 'start', '""', url] })
  })

  it('says how it was opened, or that nothing could', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000)
    expect(await openPage(url, '/profile', 'linux', { PATH: folder })).toBeNull()
    const chromium = await program('chromium')
    expect(await openPage(url, '/profile', 'linux', { PATH: folder, DISPLAY: ':0' })).toEqual({
      with: chromium,
      appWindow: true,
    })
  })
})
