/**
 * `npm run lockfile`, after every change of dependencies. npm leaves optional packages of other platforms out of the lock
 * file when the registry at hand does not carry them, and `npm ci` then refuses the whole file. Each is named here with
 * the version its parent pins and the platform its name says, so that every machine skips or fetches it as it should.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const file = path.join(import.meta.dirname, '..', 'package-lock.json')
const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

/** @param {string} name a package such as `@oxlint/binding-linux-x64-musl` */
function platformOf(name) {
  const words = (name.split('/').at(-1) ?? '').split('-')
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) throw new Error(`${name}: its name says no platform; add it by hand`)
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.includes('gnu') ? 'glibc' : null
  return { os: [os], cpu: [cpu], ...(libc === null ? {} : { libc: [libc] }) }
}

const lock =
  /** @type {{ packages: Record<string, { dev?: boolean, optionalDependencies?: Record<string, string> }> }} */ (
    JSON.parse(readFileSync(file, 'utf8'))
  )
const present = new Set(Object.keys(lock.packages).map((place) => place.split('node_modules/').at(-1)))
let added = 0
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (present.has(name)) continue
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}: expected an exact version, not ${version}`)
    const entry = { version, ...(parent.dev ? { dev: true } : {}), optional: true, ...platformOf(name) }
    lock.packages[`node_modules/${name}`] = entry
    present.add(name)
    added += 1
  }
}
const [root, ...rest] = Object.entries(lock.packages)
if (root === undefined) throw new Error('package-lock.json names no packages')
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))])
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} packages of other platforms added to package-lock.json\n`)
