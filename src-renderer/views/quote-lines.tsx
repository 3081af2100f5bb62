import { linesTotalMinor, type Quote } from '../../domain/quote.ts'
import { fullMoney, numberWords } from '../words/money.ts'

export function QuoteLines({ quote }: { quote: Quote }) {
  const { lines, currency, value_minor } = quote
  if (lines.length === 0)
    return (
      <p className="pane-empty" data-edits="lines">
        This quote has no lines yet.
      </p>
    )
  const total = linesTotalMinor(lines)
  const money = (minor: number) => fullMoney({ currency, value_minor: minor })
  return (
    <>
      <table className="plain-table lines" data-edits="lines">
        <caption className="sr-only">Lines</caption>
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col">Quantity</th>
            <th scope="col">Unit price</th>
            <th scope="col">Total</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            // Lines have no identity of their own: their place is it.
            <tr key={`${index}:${line.product}`}>
              <th scope="row">
                {line.product}
                {line.description !== '' && <span className="quiet line-words">{line.description}</span>}
              </th>
              <td>{numberWords(line.quantity)}</td>
              <td>{money(line.unit_price_minor)}</td>
              <td>{money(line.quantity * line.unit_price_minor)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              Sum of lines
            </th>
            <td>{money(total)}</td>
          </tr>
        </tfoot>
      </table>
      {total !== value_minor && (
        <p className="quiet pane-note">
          The quote’s value is {money(value_minor)}: {money(Math.abs(total - value_minor))}{' '}
          {value_minor < total ? 'less' : 'more'} than its lines.
        </p>
      )}
    </>
  )
}
