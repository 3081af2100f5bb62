// Nothing here may load better-sqlite3 before the version is known: an older Node crashes in it without a word.
const needed = 24
const major = Number(process.versions.node.split('.')[0])

if (major < needed) {
  process.stderr.write(
    `quotedesk: this is Node ${process.version}, but QuoteDesk needs Node ${needed} or newer. ` +
      'Run it with "npm run -s quotedesk -- …", which brings its own.\n',
  )
  process.exitCode = 1
} else {
  const { runCli } = await import('./program.ts')
  await runCli(process.argv)
}
