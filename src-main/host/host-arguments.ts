import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import envPaths from 'env-paths'

/** What every host is started with; each may be left out. */
export interface HostArguments {
  server: string | null
  dataDir: string
  sampleFile: string | null
  /** Browser host only: open no window; whoever started it does. */
  open: boolean
  /** Browser host only: where the page is served; 0 takes a free port. */
  port: number
}

export const defaultDataDir = (): string => envPaths('QuoteDesk', { suffix: '' }).data

/** @throws Error that names the argument and what was expected */
export function parseHostArguments(args: readonly string[]): HostArguments {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      server: { type: 'string' },
      data: { type: 'string' },
      sample: { type: 'string' },
      open: { type: 'boolean', default: true },
      port: { type: 'string', default: '0' },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port}: expected a number from 0 to 65535`)
  }
  if (values.server !== undefined && !URL.canParse(values.server)) {
    throw new Error(`--server ${values.server}: expected an address such as http://127.0.0.1:3002`)
  }
  return {
    server: values.server ?? null,
    dataDir: resolve(values.data ?? defaultDataDir()),
    sampleFile: values.sample === undefined ? null : resolve(values.sample),
    open: values.open,
    port,
  }
}
