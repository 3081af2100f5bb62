import type { Line } from '../../domain/quote.ts'
import { diffLines, type LineChange } from '../words/line-diff.ts'
import { cellMoney, countWords, numberWords } from '../words/money.ts'

interface Props {
  before: readonly Line[]
  after: readonly Line[]
  currencyBefore: string
  currency: string
  caption: string
}

const signs = { added: '+', removed: '−', changed: '±', same: '' } as const

/** What became of the lines: only those that differ, and how many do not. */
export function LineDiff({ before, after, currencyBefore, currency, caption }: Props) {
  const changes = diffLines(before, after)
  const differing = changes.filter(({ kind }) => kind !== 'same')
  const same = changes.length - differing.length
  if (differing.length === 0) return <p className="quiet">The same {countWords(same, 'line')}.</p>
  return (
    <>
      <table className="line-diff">
        <caption className="sr-only">{caption}</caption>
        <tbody>
          {differing.map((change, index) => (
            // Lines have no identity of their own: their place is it.
            <DiffRow key={`${index}:${change.line.product}`} change={change} from={currencyBefore} to={currency} />
          ))}
        </tbody>
      </table>
      {same > 0 && <p className="quiet">and {countWords(same, 'line')} as before</p>}
    </>
  )
}

const price = ({ unit_price_minor }: Line, currency: string) => cellMoney({ currency, value_minor: unit_price_minor })

function DiffRow({ change, from, to }: { change: LineChange; from: string; to: string }) {
  const { kind, line } = change
  const was = kind === 'changed' ? change.before : null
  const present = price(line, kind === 'removed' ? from : to)
  return (
    <tr data-kind={kind}>
      <td className="diff-sign">
        <span aria-hidden="true">{signs[kind]}</span>
        <span className="sr-only">{kind}</span>
      </td>
      <th scope="row">
        {line.product}
        {was !== null && was.description !== line.description && <span className="quiet"> · other description</span>}
      </th>
      <td>
        <Step before={was && numberWords(was.quantity)} after={numberWords(line.quantity)} /> ×{' '}
        <Step before={was && price(was, from)} after={present} />
      </td>
    </tr>
  )
}

/** `4 → 6`, or just `4` where nothing changed. */
function Step({ before, after }: { before: string | null; after: string }) {
  if (before === null || before === after) return <>{after}</>
  return (
    <>
      <del>{before}</del> <span className="sr-only">became</span>
      <span aria-hidden="true">→</span> <ins>{after}</ins>
    </>
  )
}
