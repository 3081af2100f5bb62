import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import envPaths from 'env-paths'

export interface StartOptions {
  host: 'electron' | 'browser' | 'auto'
  open: boolean
  dataDir: string
  port: number
  fresh: boolean
  help: boolean
}

export const usage = `npm start [-- FLAGS]

  --host electron|browser  the client's host; without it Electron where its runtime is there, else the browser
  --no-open                open no window, print the address
  --data DIR               where everything is kept (default: the user's data folder)
  --port N                 the server's port (default 3002; 0 takes a free one)
  --fresh                  delete the data of server and client first, and make a new sample workspace
  --help                   this text
`

/** @throws Error that names the flag and what was expected */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      host: { type: 'string', default: 'auto' },
      open: { type: 'boolean', default: true },
      data: { type: 'string' },
      port: { type: 'string', default: '3002' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { host } = values
  if (host !== 'electron' && host !== 'browser' && host !== 'auto') {
    throw new Error(`--host ${host}: expected electron or browser`)
  }
  const port = Number(values.port)
  if (values.port === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port}: expected a number from 0 to 65535`)
  }
  return {
    host,
    open: values.open,
    dataDir: resolve(values.data ?? envPaths('QuoteDesk', { suffix: '' }).data),
    port,
    fresh: values.fresh,
    help: values.help,
  }
}
