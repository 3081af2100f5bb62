import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** mended: kept, with a change; flagged: kept, but something lacks; refused: cannot be kept, so nothing is imported; kept: an earlier import's quote differs. */
export type ReportAction = 'mended' | 'flagged' | 'refused' | 'kept'

export interface ReportEntry {
  file: string
  line: number
  action: ReportAction
  column: string | null
  message: string
}

/** Every row that was not simply taken as it stands, with the place where a person finds it. */
export class ImportReport {
  private readonly list: ReportEntry[] = []

  add(action: ReportAction, at: { file: string; line: number }, column: string | null, message: string): void {
    this.list.push({ file: at.file, line: at.line, action, column, message })
  }

  entries(action?: ReportAction): readonly ReportEntry[] {
    return action === undefined ? this.list : this.list.filter((entry) => entry.action === action)
  }

  /** Rows, not remarks: one with two remarks of a kind counts once. */
  rows(action: ReportAction): number {
    return new Set(this.entries(action).map((entry) => `${entry.file}:${entry.line}`)).size
  }

  toCsv(): string {
    const lines = this.list.map(({ file, line, action, column, message }) =>
      [file, String(line), action, column ?? '', message].map(csvCell).join(','),
    )
    return ['file,line,action,column,message', ...lines, ''].join('\n')
  }

  /** Readable by its owner alone: it quotes from the imported data. */
  write(path: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, this.toCsv(), { mode: 0o600 })
  }
}

/** Quoted when needed. Report cells quote foreign text, so a leading formula sign is made harmless. */
function csvCell(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
