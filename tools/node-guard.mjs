/**
 * Node older than 24 crashes without a word in the native SQLite module, so every entry asks this first.
 * Plain JavaScript with no imports: an old Node must be able to read it.
 */
export function nodeOrExit() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 24) return
  process.stderr.write(
    `QuoteDesk needs Node 24 or newer, and this is ${process.version}.\n` +
      'Run it with npm (npm start, npm test, npm run …): the project brings its own Node 24 with npm ci.\n',
  )
  process.exit(1)
}
