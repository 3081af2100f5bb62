import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { outcomes, statuses } from '../../domain/quote.ts'
import { useDesk, useDirectory } from '../app/desk-context.tsx'
import { type Dimension, daysWords, dimensionNames } from '../words/filters.ts'
import { capitalised } from '../words/status.ts'
import { ChoiceList, OneOf } from './filter-choices.tsx'
import { CustomerFilter } from './filter-customer.tsx'
import { ValueFilter } from './filter-value.tsx'

interface EditorProps {
  name: string
  onDone: () => void
}

const named = (names: readonly string[]) => names.map((name) => ({ id: name, name: capitalised(name) }))

/** Choices take effect at once; a range of amounts when it is confirmed. */
const editors: Record<Dimension, (props: EditorProps) => ReactNode> = {
  status: StatusFilter,
  outcome: OutcomeFilter,
  owner: OwnerFilter,
  team: TeamFilter,
  customer: CustomerFilter,
  currency: CurrencyFilter,
  value: ValueFilter,
  expiring: ExpiringFilter,
  expired: ExpiredFilter,
  incomplete: IncompleteFilter,
}

/** The control that fits a dimension. */
export function FilterEditor({ dimension, onDone }: { dimension: Dimension; onDone: () => void }) {
  const Editor = editors[dimension]
  return <Editor name={dimensionNames[dimension]} onDone={onDone} />
}

function useFilter() {
  const { view } = useDesk()
  return { filter: useStore(view.store, (state) => state.filter), narrow: view.narrow }
}

function StatusFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  const choose = (chosen: string[]) => narrow({ statuses: statuses.filter((status) => chosen.includes(status)) })
  return <ChoiceList name={name} choices={named(statuses)} chosen={filter.statuses} onChange={choose} />
}

function OutcomeFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  const choose = (chosen: string[]) => narrow({ outcomes: outcomes.filter((outcome) => chosen.includes(outcome)) })
  return <ChoiceList name={name} choices={named(outcomes)} chosen={filter.outcomes} onChange={choose} />
}

function OwnerFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  const { people } = useDirectory()
  const choose = (owner_ids: string[]) => narrow({ owner_ids })
  return <ChoiceList name={name} choices={people} chosen={filter.owner_ids} onChange={choose} />
}

function TeamFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  const { teams } = useDirectory()
  const choose = (team_ids: string[]) => narrow({ team_ids })
  return <ChoiceList name={name} choices={teams} chosen={filter.team_ids} onChange={choose} />
}

function CurrencyFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  const { currencies } = useDirectory()
  // A range of amounts holds for one currency only.
  const choose = (chosen: string[]) =>
    narrow({ currencies: chosen, ...(chosen.length === 1 ? {} : { value_min_minor: null, value_max_minor: null }) })
  const choices = currencies.map((currency) => ({ id: currency, name: currency }))
  return <ChoiceList name={name} choices={choices} chosen={filter.currencies} onChange={choose} />
}

const leadTimes = [0, 1, 3, 7, 14, 30].map((days) => ({ value: days, words: capitalised(daysWords(days)) }))

function ExpiringFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  const choose = (expiring_within_days: number | null) => narrow({ expiring_within_days })
  return <OneOf name={name} choices={leadTimes} chosen={filter.expiring_within_days} onChange={choose} />
}

function ExpiredFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  return <OneOf name={name} choices={yesNo} chosen={filter.expired} onChange={(expired) => narrow({ expired })} />
}

function IncompleteFilter({ name }: EditorProps) {
  const { filter, narrow } = useFilter()
  const choose = (incomplete: boolean | null) => narrow({ incomplete })
  return <OneOf name={name} choices={yesNo} chosen={filter.incomplete} onChange={choose} />
}

const yesNo = [
  { value: true, words: 'Yes' },
  { value: false, words: 'No' },
]
