import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findChromium } from '../../tests/e2e/support/find-chromium.ts'
import { runCommand, runTool } from './run-command.ts'

/** What tests need of the machine; a text says why it cannot be had. */
export interface System {
  chromium: true | string
  desktop: true | string
}

/** Debian's package for each program of a test desktop. */
const desktopPrograms: ReadonlyArray<{ file: string; debian: string }> = [
  { file: 'Xvfb', debian: 'xvfb' },
  { file: 'xvfb-run', debian: 'xvfb' },
  { file: 'xauth', debian: 'xauth' },
  { file: 'dbus-run-session', debian: 'dbus-daemon' },
  { file: '/usr/lib/notification-daemon/notification-daemon', debian: 'notification-daemon' },
  { file: 'xdotool', debian: 'xdotool' },
  { file: 'scrot', debian: 'scrot' },
]

function has(file: string): boolean {
  if (file.startsWith('/')) return existsSync(file)
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, file)))
}

function canUseApt(): string | null {
  const isDebian =
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (!isDebian || !has('apt-get')) return 'this is not Debian, so they have to be installed by hand'
  return process.getuid?.() === 0 ? null : 'installing them needs root'
}

async function aptInstall(packages: readonly string[], say: (line: string) => void): Promise<string | null> {
  const obstacle = canUseApt()
  if (obstacle !== null) return obstacle
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q']
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, boundMs: 300_000, quiet: true }
  say(`installing ${packages.join(', ')} with apt-get`)
  await runCommand('apt-get', [...wait, 'update'], options)
  const { code, tail } = await runCommand(
    'apt-get',
    [...wait, 'install', '-y', '--no-install-recommends', ...packages],
    options,
  )
  return code === 0 ? null : `apt-get install failed: ${tail.trim().split('\n').at(-1)}`
}

async function setUpChromium(say: (line: string) => void): Promise<true | string> {
  if (!findChromium()) {
    say('no Chromium: trying to download Playwright’s own')
    await runTool(join('node_modules', '@playwright', 'test', 'cli.js'), ['install', 'chromium'], {
      env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000' },
      boundMs: 240_000,
      quiet: true,
    })
  }
  if (findChromium()) return true
  const failure = await aptInstall(['chromium'], say)
  return findChromium() ? true : `no Chromium: it cannot be downloaded, none is installed, and ${failure}`
}

const missingPrograms = () => desktopPrograms.filter(({ file }) => !has(file))

async function setUpDesktop(say: (line: string) => void): Promise<true | string> {
  if (process.platform !== 'linux') return 'the test desktop (Xvfb, D-Bus) is Linux’s'
  const packages = [...new Set(missingPrograms().map(({ debian }) => debian))]
  if (packages.length === 0) return true
  const failure = await aptInstall(packages, say)
  const still = missingPrograms().map(({ file }) => file)
  return still.length === 0 ? true : `missing ${still.join(', ')}: ${failure}`
}

/** Installs what is missing, where that can be done. */
export async function setUpSystem(say: (line: string) => void): Promise<System> {
  const chromium = await setUpChromium(say)
  const desktop = await setUpDesktop(say)
  return { chromium, desktop }
}
