import { join } from 'node:path'
import { parseHostArguments } from '../host/host-arguments.ts'
import { readSampleAccounts } from '../host/sample-accounts.ts'
import { readServerUrl } from '../host/server-address.ts'
import { startBrowserHost } from './browser-host.ts'
import { openPage } from './open-page.ts'
import { sessionBusAddress } from './toast-desk.ts'

const log = (line: string) => process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const args = parseHostArguments(process.argv.slice(2))
  const built = join(import.meta.dirname, '..')
  const open = async (url: string) => {
    const opened = await openPage(url, join(args.dataDir, 'client', 'browser'), process.platform, process.env)
    log(opened ? `Opened in ${opened.with}.` : `No browser could be opened here. Open this address yourself: ${url}`)
  }
  const host = await startBrowserHost({
    engineFile: join(built, 'main', 'engine.js'),
    rendererDir: join(built, 'renderer'),
    dataDir: args.dataDir,
    serverUrl: await readServerUrl(args.server, args.dataDir),
    sampleAccounts: await readSampleAccounts(args.sampleFile),
    port: args.port,
    busAddress: sessionBusAddress(process.platform, process.env),
    logLevel: 'warn',
    log,
    openPage: (url) => void open(url),
  })

  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    host.stop().then(
      () => process.exit(0),
      (error: Error) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // Whoever forked us is gone: nobody is left to stop us.
  process.on('disconnect', stop)

  if (process.send) process.send({ kind: 'listening', url: host.url })
  else log(`QuoteDesk runs at ${host.url}`)
  if (args.open) await open(host.url)
}

function fail(error: Error): void {
  log(`The browser host cannot go on: ${error.message}`)
  process.exit(1)
}

main().catch(fail)
