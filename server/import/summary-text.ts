import { formatMoney } from '../../domain/money.ts'
import type { Tally } from './apply-directory.ts'
import type { ImportSummary } from './summary.ts'

const rowsOf = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`

function list(counts: Record<string, number>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return parts.length > 0 ? parts.join(', ') : 'none'
}

function tallyText(name: string, { added, already_here }: Tally): string {
  return `  ${name}: ${added} added, ${already_here} already here and left as they are\n`
}

/** For people: what the files held, what of it is new here, what was assumed, and what to look at. */
export function summaryText(summary: ImportSummary): string {
  const { applied } = summary
  const won = Object.entries(summary.won_value).map(([currency, minor]) => formatMoney({ minor, currency }, 'en'))
  const workspace = `${applied.workspace.made ? 'new workspace' : 'workspace'} "${applied.workspace.name}"`
  return [
    `Imported into the ${workspace}, read as ${summary.read_as}.\n`,
    tallyText('quotes', applied.quotes),
    applied.quotes.differing > 0
      ? `  ${applied.quotes.differing} of the quotes here are not what the file says, and were not changed: see the report\n`
      : '',
    tallyText('customers', applied.customers),
    tallyText('people', applied.people),
    tallyText('teams', applied.teams),
    `  by status: ${list(summary.by_status)}\n`,
    `  by outcome: ${list(summary.by_outcome)}; won: ${won.join(', ') || 'nothing'}\n`,
    `Dates count in ${summary.time_zone}, amounts without a currency are ${summary.currency}; `,
    'change that with --time-zone and --currency on the first import.\n',
    `${rowsOf(summary.mended)} mended, ${rowsOf(summary.flagged)} flagged, ${rowsOf(summary.refused)} refused: `,
    `${summary.report}\n`,
    applied.people.added > 0
      ? 'Imported people cannot sign in until they are let in: quotedesk user admit <name> <email>\n'
      : '',
  ]
    .join('')
    .trimEnd()
}
