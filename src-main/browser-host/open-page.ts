import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** How the page was opened, for the line that says so. */
export interface OpenedPage {
  with: string
  /** Its own window without browser controls, or a tab of the person's browser. */
  appWindow: boolean
}

interface Opener {
  command: string
  args: string[]
  appWindow: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const linuxBrowsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const macBrowsers = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsBrowsers = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
]

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function findBrowser(platform: NodeJS.Platform, env: Environment): string | null {
  const candidates =
    platform === 'darwin'
      ? macBrowsers.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
      : platform === 'win32'
        ? [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']]
            .filter((folder) => folder !== undefined)
            .flatMap((folder) => windowsBrowsers.map((parts) => join(folder, ...parts)))
        : (env['PATH'] ?? '').split(delimiter).flatMap((folder) => linuxBrowsers.map((name) => join(folder, name)))
  return candidates.find(isExecutable) ?? null
}

/** The ways to open a page here, best first. */
export function openers(url: string, profileDir: string, platform: NodeJS.Platform, env: Environment): Opener[] {
  const list: Opener[] = []
  const browser = findBrowser(platform, env)
  // A Chromium started by root refuses to run with its sandbox, and without it no page should be opened.
  const isRoot = process.getuid?.() === 0
  const hasDisplay = platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])
  if (!hasDisplay) return []
  if (browser && !isRoot) {
    const args = [`--app=${url}`, `--user-data-dir=${profileDir}`, '--no-first-run', '--no-default-browser-check']
    list.push({ command: browser, args, appWindow: true })
  }
  if (platform === 'darwin') list.push({ command: 'open', args: [url], appWindow: false })
  else if (platform === 'win32') list.push({ command: 'cmd', args: ['/c', 'start', '""', url], appWindow: false })
  else list.push({ command: 'xdg-open', args: [url], appWindow: false })
  return list
}

/**
 * Opens the page in a window of its own in Chromium, Chrome or Edge, else in the default browser.
 * @returns null when nothing here can open a page; the person has to do it with the printed address
 */
export async function openPage(
  url: string,
  profileDir: string,
  platform: NodeJS.Platform,
  env: Environment,
): Promise<OpenedPage | null> {
  for (const { command, args, appWindow } of openers(url, profileDir, platform, env)) {
    const child = spawn(command, args, { detached: true, stdio: 'ignore' })
    if (await started(child)) {
      child.unref()
      return { with: command, appWindow }
    }
  }
  return null
}

function started(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(false))
  })
}
