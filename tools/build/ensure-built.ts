import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'

/** What the build is made from; the server and the tools run from source. */
const sources = ['domain', 'src-main', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json']
const stampFile = join(projectRoot, 'out', '.built-from')
const needed = ['main/index.js', 'main/engine.js', 'main/browser-host.js', 'preload/index.cjs', 'renderer/index.html']

/** Paths, sizes and times of all sources in one hash: cheap, and a deleted file changes it too. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(projectRoot, source)
    const isFolder = (await stat(path)).isDirectory()
    const files = isFolder ? await filesBelow(path) : [path]
    for (const file of files.sort()) {
      const { size, mtimeMs } = await stat(file)
      hash.update(`${file} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

async function isFresh(print: string): Promise<boolean> {
  const stamp = await readFile(stampFile, 'utf8').catch(() => null)
  if (stamp !== print) return false
  const present = await Promise.all(needed.map((file) => stat(join(projectRoot, 'out', file)).catch(() => null)))
  return present.every((file) => file !== null)
}

/**
 * Builds main, preload and renderer unless `out/` was built from exactly these sources.
 * @returns whether something was built
 * @throws Error with the build's own output when it fails
 */
export async function ensureBuilt(): Promise<boolean> {
  const print = await fingerprint()
  if (await isFresh(print)) return false
  const cli = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const build = spawn(process.execPath, [cli, 'build', '--logLevel', 'warn'], { cwd: projectRoot })
  const output: Buffer[] = []
  build.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  build.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  const code = await new Promise((resolve, reject) => {
    build.on('error', reject)
    build.on('close', resolve)
  })
  if (code !== 0) throw new Error(`the build failed:\n${Buffer.concat(output).toString()}`)
  await writeFile(stampFile, print)
  return true
}
