import type { ElectronRuntime } from './electron-runtime.ts'

export type HostChoice = { host: 'electron'; executable: string; why: string } | { host: 'browser'; why: string }

export interface Surroundings {
  platform: NodeJS.Platform
  isRoot: boolean
  hasDisplay: boolean
}

/**
 * Which host to open and why; the reason is printed, so that nobody wonders.
 * @throws Error when Electron was asked for and cannot be had: that is no case for a silent other choice
 */
export function chooseHost(
  wish: 'electron' | 'browser' | 'auto',
  runtime: ElectronRuntime,
  { platform, isRoot, hasDisplay }: Surroundings,
): HostChoice {
  if (wish === 'browser') return { host: 'browser', why: 'you asked for it' }
  const obstacle = !runtime.found
    ? runtime.reason
    : platform === 'linux' && isRoot
      ? 'Electron keeps its sandbox and does not run as root'
      : platform === 'linux' && !hasDisplay
        ? 'there is no display to open a window on'
        : null
  if (obstacle === null && runtime.found) {
    return {
      host: 'electron',
      executable: runtime.executable,
      why: wish === 'auto' ? 'its runtime is here' : 'you asked for it',
    }
  }
  if (wish === 'electron') throw new Error(`--host electron: ${obstacle}. Use --host browser, or leave the flag out.`)
  return { host: 'browser', why: obstacle ?? '' }
}
