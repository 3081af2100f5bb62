import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../build/ensure-built.ts'
import { projectRoot } from '../project-root.ts'
import { findElectronRuntime } from '../start/electron-runtime.ts'
import { runTool } from '../test/run-command.ts'
import { electronBuilderCli, packStandIn } from './pack-stand-in.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Makes this platform's installers; where Electron's runtime cannot be had, says so and packs around a stand-in. */
export async function makeDist(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { 'stand-in': { type: 'boolean', default: false } } })
  say('… building')
  await ensureBuilt()
  if (!values['stand-in'] && (await haveRuntime())) {
    const { code } = await runTool(electronBuilderCli, ['--publish', 'never'], { boundMs: 20 * 60_000 })
    process.exitCode = code
    return
  }
  if (!values['stand-in']) {
    const runtime = findElectronRuntime(process.env)
    say(`No installer can be made here: ${runtime.found ? '' : runtime.reason}.`)
    if (process.env['REQUIRE_ELECTRON'] === '1') {
      process.exitCode = 1
      return
    }
  }
  say('… packing around a stand-in for Electron’s runtime')
  const folder = await packStandIn(join(projectRoot, 'dist', 'stand-in'))
  say(`✔ ${folder} holds what an installer would hold; it does not start.`)
}

/** Looks for the runtime and tries its own installer once. */
async function haveRuntime(): Promise<boolean> {
  if (findElectronRuntime(process.env).found) return true
  say('… fetching Electron’s runtime')
  await runTool(join('node_modules', 'electron', 'install.js'), [], { boundMs: 10 * 60_000, quiet: true })
  return findElectronRuntime(process.env).found
}
