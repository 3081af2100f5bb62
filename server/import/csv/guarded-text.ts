import { createReadStream } from 'node:fs'
import { ImportRefused } from '../refused.ts'

/** What no honest row needs, and what keeps memory bounded whatever a file holds. */
export const limits = { lineBytes: 65_536, columns: 500, rows: 1_000_000 } as const

const comma = 0x2c
const newline = 0x0a

/** Name by file signature; each of these is also full of NUL bytes, but the name helps more. */
const signatures: ReadonlyArray<[bytes: number[], what: string]> = [
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or a zip archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0x1f, 0x8b], 'a gzip archive'],
]

const startsWith = (chunk: Buffer, bytes: readonly number[]) => bytes.every((byte, index) => chunk[index] === byte)

/** UTF-16 by its byte order mark, or by the zero byte that every Latin letter has on the same side. */
function looksLikeUtf16(chunk: Buffer): boolean {
  if (startsWith(chunk, [0xff, 0xfe]) || startsWith(chunk, [0xfe, 0xff])) return true
  const zeros = [0, 0]
  const sample = chunk.subarray(0, 4_096)
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = zeros
  return Math.max(even, odd) > sample.length * 0.3 && Math.min(even, odd) < sample.length * 0.02
}

function refuseByContent(file: string, chunk: Buffer): void {
  if (looksLikeUtf16(chunk)) {
    throw new ImportRefused(`${file} is UTF-16 text: save it as "CSV UTF-8" and import it again`)
  }
  const signature = signatures.find(([bytes]) => startsWith(chunk, bytes))
  if (signature) throw new ImportRefused(`${file} is ${signature[1]}, not CSV text: export it as CSV (UTF-8)`)
}

/**
 * The file's text in portions. Refuses what is no UTF-8 text, and any line longer or with more fields than a row can
 * have, as soon as it is seen: not even a line of a gigabyte is kept in memory.
 * @throws ImportRefused
 */
export async function* guardedText(path: string, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let lineBytes = 0
  let commas = 0
  let first = true
  const decode = (chunk?: Buffer): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch (error) {
      const message = `${file} is not UTF-8 text (near line ${line}): save it as "CSV UTF-8" and import it again`
      throw new ImportRefused(message, [], { cause: error })
    }
  }
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (first) refuseByContent(file, chunk)
    first = false
    for (const byte of chunk) {
      if (byte === 0) {
        throw new ImportRefused(
          `${file} is binary (a zero byte in line ${line}), not CSV text: export it as CSV (UTF-8)`,
        )
      }
      if (byte === newline) {
        line += 1
        lineBytes = 0
        commas = 0
        continue
      }
      lineBytes += 1
      if (byte === comma) commas += 1
      if (commas >= limits.columns) {
        throw new ImportRefused(
          `line ${line} of ${file} has more than ${limits.columns} columns: is this the right file?`,
        )
      }
      if (lineBytes > limits.lineBytes) {
        throw new ImportRefused(
          `line ${line} of ${file} is longer than ${limits.lineBytes} bytes: is this the right file?`,
        )
      }
    }
    yield decode(chunk)
  }
  yield decode()
}
