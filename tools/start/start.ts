import { ensureBuilt } from '../build/ensure-built.ts'
import { exited, stopChild } from './child.ts'
import { chooseHost, type HostChoice } from './choose-host.ts'
import { type RunningClient, startClient } from './client-process.ts'
import { clearData, ensureSample, prepareDataFolder } from './data-folder.ts'
import { findElectronRuntime } from './electron-runtime.ts'
import { parseStartOptions, type StartOptions, usage } from './options.ts'
import { assertPortFree, makeSample, type RunningServer, startServer } from './server-process.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** How long each part may take to end in order after Ctrl-C. */
const stopBoundMs = 10_000

/** Runs `npm start` to its end; sets the exit code. */
export async function startEverything(args: readonly string[]): Promise<void> {
  try {
    const options = parseStartOptions(args)
    if (options.help) process.stdout.write(usage)
    else process.exitCode = await run(options)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 1
  }
}

async function run(options: StartOptions): Promise<number> {
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('interrupted'))
  })
  const choice = chooseHost(options.host, findElectronRuntime(process.env), {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasDisplay: Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']),
  })
  await prepareDataFolder(options.dataDir)
  await assertPortFree(options.port)
  await step('Building the client', () => ensureBuilt(), 'already built')
  if (options.fresh) await clearData(options.dataDir)
  await step(
    'Making the sample workspace',
    () => ensureSample(options.dataDir, () => makeSample(options.dataDir)),
    'there',
  )

  const server = await startServer(options.dataDir, options.port)
  try {
    say(`✔ Server at ${server.url}, data in ${options.dataDir}`)
    const client = await startClient(choice, server.url, options.dataDir, options.open)
    try {
      whatNext(choice, client, options)
      return await untilTheEnd(interrupted, server, client)
    } finally {
      await stopChild(client.process, stopBoundMs)
    }
  } finally {
    await stopChild(server.process, stopBoundMs)
    say('Stopped.')
  }
}

/** Prints when it begins what may take a while, and what came of it. */
async function step(name: string, work: () => Promise<boolean>, otherwise: string): Promise<void> {
  const startMs = performance.now()
  say(`… ${name}`)
  const done = await work()
  say(`✔ ${name}: ${done ? `done in ${((performance.now() - startMs) / 1000).toFixed(1)} s` : otherwise}`)
}

function whatNext(choice: HostChoice, client: RunningClient, options: StartOptions): void {
  say(`✔ Client in ${choice.host === 'electron' ? 'Electron' : 'the browser host'}, because ${choice.why}`)
  if (client.url) say(`\n  ${options.open ? 'If no window opened, open' : 'Open'} ${client.url}`)
  say('\n  Sign in with one click as somebody of the sample workspace, open a quote, change its status.')
  say('  A second window (another person) shows the change at once; stop the server and go on working offline.')
  say('  Your own data: npm run -s quotedesk -- import --help')
  say('  Ctrl-C stops everything.\n')
}

/** @returns the exit code: 0 when the person ended it, 1 when a part of it broke */
async function untilTheEnd(
  interrupted: Promise<'interrupted'>,
  server: RunningServer,
  client: RunningClient,
): Promise<number> {
  const end = await Promise.race([
    interrupted,
    exited(server.process).then((code) => ({ part: 'server', code })),
    exited(client.process).then((code) => ({ part: 'client', code })),
  ])
  if (end === 'interrupted') {
    say('\nStopping …')
    return 0
  }
  if (end.part === 'client' && end.code === 0) {
    say('The client was closed. Stopping …')
    return 0
  }
  process.stderr.write(
    `The ${end.part} ended unexpectedly with code ${end.code}; see the lines above and server.log.\n`,
  )
  return 1
}
