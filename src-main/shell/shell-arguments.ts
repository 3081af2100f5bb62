import { type HostArguments, parseHostArguments } from '../host/host-arguments.ts'

const ours = ['--server', '--data', '--sample']

/** Only what is ours of a command line that Chromium's switches stand in too. */
export function shellArguments(argv: readonly string[]): HostArguments {
  const own: string[] = []
  argv.forEach((argument, index) => {
    const name = argument.split('=', 1)[0] ?? ''
    if (!ours.includes(name)) return
    own.push(argument)
    const value = argv[index + 1]
    if (argument === name && value !== undefined) own.push(value)
  })
  return parseHostArguments(own)
}
