import { ImportRefused } from '../refused.ts'

const otherDelimiters: ReadonlyArray<[delimiter: string, name: string]> = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
]

/**
 * Looks at the first line before it is parsed: quoted cells with another delimiter would fail with a confusing message.
 * @throws ImportRefused when another delimiter than the comma holds the line together
 */
export function refuseOtherDelimiter(file: string, firstLine: string): void {
  const bare = firstLine.replaceAll(/"[^"]*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length - 1
  const other = otherDelimiters.find(([delimiter]) => count(delimiter) > count(','))
  if (other) throw new ImportRefused(`${file} is separated by ${other[1]}: save it with commas and import it again`)
}

/**
 * The column names of a file.
 * @throws ImportRefused when one is missing or there twice
 */
export function parseHeader(file: string, values: readonly string[]): string[] {
  const unnamed = values.indexOf('')
  if (unnamed >= 0) throw new ImportRefused(`column ${unnamed + 1} of ${file} has no name in the first line`)
  const doubled = values.find((value, index) => values.indexOf(value) !== index)
  if (doubled !== undefined) throw new ImportRefused(`${file} has two columns named "${doubled}": rename one`)
  return [...values]
}
