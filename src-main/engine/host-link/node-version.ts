/** better-sqlite3 ends an older Node without a word, so this is asked before it is loaded. */
export const oldestNodeMajor = 24

/** What is wrong with this Node, or null. */
export function nodeProblem(version: string): string | null {
  const major = Number(/^v(\d+)\./.exec(version)?.[1])
  return major >= oldestNodeMajor
    ? null
    : `QuoteDesk's engine needs Node ${oldestNodeMajor} or newer, and this is ${version}. Start it with "npm start", which brings its own.`
}
