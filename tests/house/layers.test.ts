import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A copy of the rules over a tree of nothing but violations: each rule must fire, or it guards nothing. */
const violations: Array<{ rule: string; file: string; source: string }> = [
  { rule: 'domain-is-pure', file: 'domain/a.ts', source: "import 'node:fs'" },
  { rule: 'domain-is-pure', file: 'domain/b.ts', source: "import '../server/server.ts'" },
  { rule: 'engine-stands-alone', file: 'src-main/engine/a.ts', source: "import '../../server/server.ts'" },
  { rule: 'engine-stands-alone', file: 'src-main/engine/b.ts', source: "import '../shell/shell.ts'" },
  { rule: 'electron-only-in-shell', file: 'src-main/engine/c.ts', source: "import 'electron'" },
  { rule: 'shell-talks-through-the-port', file: 'src-main/shell/a.ts', source: "import 'better-sqlite3'" },
  { rule: 'browser-host-is-no-electron', file: 'src-main/browser-host/a.ts', source: "import 'electron'" },
  { rule: 'host-is-for-both-hosts', file: 'src-main/host/a.ts', source: "import '../shell/shell.ts'" },
  { rule: 'renderer-only-through-the-bridge', file: 'src-renderer/a.ts', source: "import '../server/server.ts'" },
  { rule: 'renderer-has-no-node', file: 'src-renderer/b.ts', source: "import 'node:fs'" },
  { rule: 'server-knows-no-client', file: 'server/a.ts', source: "import '../src-main/shell/shell.ts'" },
  {
    rule: 'sqlite-in-two-places',
    file: 'server/b.ts',
    source: "import Database from 'better-sqlite3'\nnew Database()",
  },
  { rule: 'socket-client-in-one-place', file: 'src-main/engine/d.ts', source: "import 'socket.io-client'" },
  { rule: 'product-needs-no-tests', file: 'server/c.ts', source: "import 'vitest'" },
  { rule: 'no-cycles', file: 'server/d.ts', source: "import './e.ts'" },
  { rule: 'no-unresolved', file: 'server/f.ts', source: "import './nowhere.ts'" },
]
const bystanders = {
  'server/server.ts': 'export const server = 1',
  'server/e.ts': "import './d.ts'",
  'src-main/shell/shell.ts': 'export const shell = 1',
  'tests/.keep.ts': 'export {}',
}

const root = path.resolve(import.meta.dirname, '../..')
let found: Set<string>
let tree: string

beforeAll(() => {
  tree = mkdtempSync(path.join(tmpdir(), 'quotedesk-layers-'))
  for (const config of ['.dependency-cruiser.cjs', 'package.json'])
    cpSync(path.join(root, config), path.join(tree, config))
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'))
  const files = [...Object.entries(bystanders), ...violations.map(({ file, source }) => [file, source] as const)]
  for (const [file, source] of files) {
    mkdirSync(path.join(tree, path.dirname(file)), { recursive: true })
    writeFileSync(path.join(tree, file), `${source}\n`)
  }
  const cruise = spawnSync(
    path.join(root, 'node_modules/.bin/depcruise'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'domain', 'server', 'src-main', 'src-renderer'],
    { cwd: tree, encoding: 'utf8' },
  )
  const report = JSON.parse(cruise.stdout)
  found = new Set(
    report.summary.violations.map(
      (violation: { rule: { name: string }; from: string }) => `${violation.rule.name} ${violation.from}`,
    ),
  )
})

afterAll(() => rmSync(tree, { recursive: true, force: true }))

describe('the layer rules of .dependency-cruiser.cjs', () => {
  for (const { rule, file, source } of violations) {
    it(`${rule} breaks the build on «${source.split('\n')[0]}» in ${file}`, () => {
      expect([...found]).toContain(`${rule} ${file}`)
    })
  }
})
