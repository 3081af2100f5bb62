import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
let tree: string

function put(file: string, source: string): void {
  mkdirSync(path.join(tree, path.dirname(file)), { recursive: true })
  writeFileSync(path.join(tree, file), source)
}

function run(tool: string, ...args: string[]): { status: number | null; output: string } {
  const result = spawnSync(path.join(root, 'node_modules/.bin', tool), args, { cwd: tree, encoding: 'utf8' })
  return { status: result.status, output: result.stdout + result.stderr }
}

beforeAll(() => {
  tree = mkdtempSync(path.join(tmpdir(), 'quotedesk-checks-'))
  for (const config of [
    '.oxlintrc.json',
    'biome.json',
    'tsconfig.base.json',
    'package.json',
    'knip.json',
    '.gitignore',
  ]) {
    cpSync(path.join(root, config), path.join(tree, config))
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'))
  for (const project of ['domain', 'src-renderer', 'server']) {
    put(`${project}/tsconfig.json`, '')
    cpSync(path.join(root, project, 'tsconfig.json'), path.join(tree, project, 'tsconfig.json'))
  }
})

afterAll(() => rmSync(tree, { recursive: true, force: true }))

describe('npm run check breaks the build', () => {
  it('format: on a file that is not formatted', () => {
    put('domain/format.ts', 'export const a = "b";\n')
    spawnSync('git', ['init', '-q'], { cwd: tree })
    const { status, output } = run('biome', 'check', 'domain/format.ts')
    expect(status).not.toBe(0)
    expect(output).toContain('format')
  })

  it('lint with types: on a promise nobody waits for', () => {
    put('domain/floating.ts', 'async function save(): Promise<void> {}\nexport function run(): void {\n  save()\n}\n')
    const { status, output } = run('oxlint', 'domain/floating.ts')
    expect(status).not.toBe(0)
    expect(output).toContain('no-floating-promises')
  })

  it('lint: on the ambient Date', () => {
    put('domain/ambient.ts', "export const due = new Date('2026-03-08')\n")
    expect(run('oxlint', 'domain/ambient.ts').output).toContain('no-restricted-globals')
  })

  it('types: on a domain that touches the document', () => {
    put('domain/dom.ts', 'export const title = document.title\n')
    const { status, output } = run('tsc', '-p', 'domain')
    expect(status).not.toBe(0)
    expect(output).toContain("Cannot find name 'document'")
  })

  it('types: on a renderer that reaches for node', () => {
    put('src-renderer/node.ts', "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n")
    const { status, output } = run('tsc', '-p', 'src-renderer')
    expect(status).not.toBe(0)
    expect(output).toContain('node:fs')
  })

  it('dead code: on a file nobody imports', () => {
    put('server/cli/main.ts', 'export {}\n')
    put('server/orphan.ts', 'export const orphan = 1\n')
    const { status, output } = run('knip', '--no-progress')
    expect(status).not.toBe(0)
    expect(output).toContain('server/orphan.ts')
  })
})
