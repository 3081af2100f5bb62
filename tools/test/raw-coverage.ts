import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping'
import { z } from 'zod'
import { projectRoot } from '../project-root.ts'

/** What V8 writes for a process with NODE_V8_COVERAGE, and Chromium for a page; offsets are into the code as run. */
const rawSchema = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      functions: z.array(
        z.object({
          ranges: z.array(z.object({ startOffset: z.int(), endOffset: z.int(), count: z.int() })),
        }),
      ),
    }),
  ),
})
type Script = z.infer<typeof rawSchema>['result'][number]

/** Source files by path from the project's root, each with the lines that ran. */
export type LinesRun = Map<string, Set<number>>

/**
 * Reads all raw coverage of a folder: scripts run from source (the server) count as they are, bundles through their
 * source maps.
 */
export async function readRawCoverage(folder: string): Promise<LinesRun> {
  const lines: LinesRun = new Map()
  const names = existsSync(folder) ? await readdir(folder) : []
  for (const name of names.filter((candidate) => candidate.endsWith('.json'))) {
    const raw = rawSchema.safeParse(parseJson(await readFile(join(folder, name), 'utf8')))
    if (!raw.success) continue
    for (const script of raw.data.result) addScript(lines, script)
  }
  return lines
}

/** A process that was killed while it wrote leaves half a file. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function addScript(lines: LinesRun, script: Script): void {
  if (!script.url.startsWith('file:')) return
  const file = fileURLToPath(script.url.split('?', 1)[0] ?? '')
  if (relative(projectRoot, file).startsWith('..') || file.includes('node_modules') || !existsSync(file)) return
  const code = readFileSync(file, 'utf8')
  const ran = runLookup(script)
  if (existsSync(`${file}.map`)) addBundle(lines, file, code, ran)
  else if (file.endsWith('.ts')) addSource(lines, relative(projectRoot, file), code, ran)
}

/** Whether the code at an offset ran: the innermost range around it decides, and V8 lists those after the outer ones. */
function runLookup(script: Script): (offset: number) => boolean {
  const length = Math.max(0, ...script.functions.flatMap(({ ranges }) => ranges.map(({ endOffset }) => endOffset)))
  const ran = new Uint8Array(length)
  const ranges = script.functions.flatMap((fn) => fn.ranges)
  // Outer before inner, so that the inner ones are painted over the outer ones.
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return (offset) => ran[offset] === 1
}

function lineStarts(code: string): number[] {
  const starts = [0]
  for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function add(lines: LinesRun, file: string, line: number): void {
  const known = lines.get(file) ?? new Set()
  known.add(line)
  lines.set(file, known)
}

/** Type stripping keeps every position, so a line is where it is in the file. */
function addSource(lines: LinesRun, file: string, code: string, ran: (offset: number) => boolean): void {
  lineStarts(code).forEach((start, index) => {
    const end = code.indexOf('\n', start)
    const text = code.slice(start, end === -1 ? undefined : end)
    const indent = text.length - text.trimStart().length
    if (text.trim() !== '' && ran(start + indent)) add(lines, file, index + 1)
  })
}

function addBundle(lines: LinesRun, file: string, code: string, ran: (offset: number) => boolean): void {
  const map = new TraceMap(readFileSync(`${file}.map`, 'utf8'))
  const starts = lineStarts(code)
  const sources = map.sources.map((source) => relative(projectRoot, resolve(dirname(file), source ?? '')))
  decodedMappings(map).forEach((segments, generatedLine) => {
    for (const segment of segments) {
      if (segment.length === 1) continue
      const [column, source, line] = segment
      const name = sources[source]
      if (name !== undefined && ran((starts[generatedLine] ?? 0) + column)) add(lines, name, line + 1)
    }
  })
}
