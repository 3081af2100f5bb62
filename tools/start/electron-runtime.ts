import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'

export type ElectronRuntime = { found: true; executable: string } | { found: false; reason: string }

type Environment = Readonly<Record<string, string | undefined>>

function read(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}

/**
 * Looks for Electron's runtime without loading the `electron` package, which would try to download it.
 * @param packageDir the installed package, `node_modules/electron`
 */
export function findElectronRuntime(
  env: Environment,
  packageDir: string = join(projectRoot, 'node_modules', 'electron'),
): ElectronRuntime {
  const executable = read(join(packageDir, 'path.txt'))
  const override = env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) {
    const path = join(override, executable ?? 'electron')
    if (existsSync(path)) return { found: true, executable: path }
    return { found: false, reason: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, where there is no Electron` }
  }
  const path = executable === null ? null : join(packageDir, 'dist', executable)
  if (path !== null && existsSync(path)) return { found: true, executable: path }
  return {
    found: false,
    reason: "Electron's runtime is not on this machine (`npx install-electron` fetches it where that is possible)",
  }
}
