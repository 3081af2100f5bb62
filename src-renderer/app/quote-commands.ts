import { toast } from 'sonner'
import type { Person } from '../../domain/directory.ts'
import { quoteLabel } from '../../domain/ids.ts'
import { teamsWith } from '../../domain/permissions.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { newValues } from '../form/values.ts'
import { rowAt } from '../list/row-window.ts'
import type { Desk } from '../state/desk.ts'
import type { FormPart } from '../state/open-form.ts'
import type { Wish } from '../state/ui.ts'
import { undoChange } from './told-change.ts'

function signedInPerson({ data }: Desk): Person | null {
  const { session } = data.getState()
  return session?.state === 'signed_in' ? session.person : null
}

/** Why this person cannot make quotes anywhere; null when they can. */
export const noNewQuote = (person: Person): string | null =>
  teamsWith(person.memberships, 'quotes:write').length > 0
    ? null
    : 'Making a quote needs the role of rep or higher in a team. Ask a manager of yours.'

/** The form of a new quote, in the team and currency that are most likely meant. */
export function newQuote(desk: Desk): void {
  const { data, form, page, view } = desk
  const person = signedInPerson(desk)
  if (person === null || stayInForm(desk)) return
  const refusal = noNewQuote(person)
  if (refusal !== null) {
    toast.error('You cannot make a quote', { description: refusal })
    return
  }
  const teams = teamsWith(person.memberships, 'quotes:write')
  const { filter } = view.store.getState()
  const { detail } = page.store.getState()
  const wanted = [...filter.team_ids, detail?.quote.team_id].find((team) => team !== undefined && teams.includes(team))
  const currency = filter.currencies[0] ?? detail?.quote.currency ?? data.getState().directory.currencies[0] ?? 'EUR'
  const values = newValues({
    team_id: wanted ?? teams[0] ?? '',
    owner_id: person.id,
    currency,
    time_zone: person.time_zone,
  })
  form.openNew(person.id, values)
}

/** The quote of the row, or of the alert, that the keyboard stands on. */
export function quoteUnderKeyboard({ view, list, centre, ui }: Desk): string | null {
  const { where } = view.store.getState()
  if (where === 'settings') return null
  if (where === 'alerts') {
    const { alerts, active } = centre.store.getState()
    return alerts?.find(({ key }) => key === active)?.quote ?? null
  }
  return rowAt(list.store.getState().window, ui.getState().activeIndex)?.id ?? null
}

/** What one wants of a quote happens on its page: the open one, else that of the row under the keyboard. */
export function wishFor(desk: Desk, wish: Wish): void {
  const { page, ui } = desk
  if (stayInForm(desk)) return
  if (page.store.getState().id === null) {
    const quote = quoteUnderKeyboard(desk)
    if (quote === null) return
    void page.open(quote)
  }
  ui.setState({ wish })
}

/** Does what was wished for, or says why it cannot be. */
export function grant(desk: Desk, detail: QuoteDetail, wish: Wish): void {
  const { ui } = desk
  const { may, quote } = detail
  const label = quoteLabel(quote)
  if (wish === 'note') {
    if (may.note) ui.setState({ noting: { quote: quote.id, label } })
    else toast.error(`You cannot note anything on ${label}`, { description: needsRep })
  } else if (wish === 'reassign') {
    if (may.reassign) ui.setState({ reassigning: detail })
    else toast.error(`You cannot reassign ${label}`, { description: reassignRefusal(detail) })
  } else editQuote(desk, detail, wish === 'extend' ? 'expires_on' : null)
}

const needsRep = 'It needs the role of rep or higher in the team of the quote.'

export const reassignRefusal = ({ quote }: QuoteDetail) =>
  quote.outcome === 'superseded'
    ? 'A later revision replaces this quote.'
    : 'It needs the role of manager in the team of the quote. Ask one of its managers.'

/** Why nothing of the quote can be edited; null when something can. */
export const editRefusal = ({ may }: QuoteDetail): string | null =>
  may.edit.length > 0 ? null : (may.edit_refusal ?? 'Nothing of this quote may be edited now.')

/** The form of a quote; `part` is where to start. */
export function editQuote(desk: Desk, detail: QuoteDetail, part: FormPart | null): void {
  const person = signedInPerson(desk)
  if (person === null || stayInForm(desk)) return
  const refusal = editRefusal(detail)
  if (refusal === null) desk.form.openEdit(person.id, detail, part)
  else toast.error(`${quoteLabel(detail.quote)} cannot be edited`, { description: refusal })
}

/** One form at a time: whoever wants another first finishes the one that is open. */
function stayInForm({ form, ui }: Desk): boolean {
  if (form.store.getState().open === null) return false
  ui.setState({ focusForm: true })
  return true
}

export function undoLast(desk: Desk): void {
  const { lastChange } = desk.ui.getState()
  if (lastChange === null) toast('There is nothing to undo', { description: 'Changes of this session can be undone.' })
  else void undoChange(desk, lastChange)
}
