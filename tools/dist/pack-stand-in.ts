import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import { runTool } from '../test/run-command.ts'
import { writeStandInRuntime } from './stand-in.ts'

export const electronBuilderCli = join('node_modules', 'electron-builder', 'cli.js')

/**
 * Packs the built app around a stand-in for the runtime, unpacked, for Linux.
 * @param output the folder to make it in
 * @returns the folder of the packed app
 * @throws Error with the packer's own output when it fails
 */
export async function packStandIn(output: string): Promise<string> {
  const runtime = await mkdtemp(join(tmpdir(), 'quotedesk-stand-in-'))
  try {
    const electron = JSON.parse(
      await readFile(join(projectRoot, 'node_modules', 'electron', 'package.json'), 'utf8'),
    ) as { version: string }
    await writeStandInRuntime(runtime, electron.version)
    const overrides = [`-c.electronDist=${runtime}`, `-c.directories.output=${output}`]
    const { code, tail } = await runTool(electronBuilderCli, ['--linux', 'dir', '--x64', ...overrides], {
      boundMs: 180_000,
      quiet: true,
    })
    if (code !== 0) throw new Error(`electron-builder failed:\n${tail}`)
    return join(output, 'linux-unpacked')
  } finally {
    await rm(runtime, { recursive: true, force: true })
  }
}
