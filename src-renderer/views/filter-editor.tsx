import { useStore } from 'zustand'
import { outcomes, statuses } from '../../domain/quote.ts'
import { useDesk, useDirectory } from '../app/desk-context.tsx'
import { daysWords, type Dimension, dimensionNames } from '../words/filters.ts'
import { capitalised } from '../words/status.ts'
import { ChoiceList, OneOf } from './filter-choices.tsx'
import { CustomerFilter } from './filter-customer.tsx'
import { ValueFilter } from './filter-value.tsx'

interface Props {
  dimension: Dimension
  onDone(): void
}

const named = (names: readonly string[]) => names.map((name) => ({ id: name, name: capitalised(name) }))

/** The control that fits a dimension. Choices take effect at once; a range of amounts when it is confirmed. */
export function FilterEditor({ dimension, onDone }: Props) {
  const { view } = useDesk()
  const filter = useStore(view.store, (state) => state.filter)
  const directory = useDirectory()
  const name = dimensionNames[dimension]
  switch (dimension) {
    case 'status':
      return (
        <ChoiceList
          name={name}
          choices={named(statuses)}
          chosen={filter.statuses}
          onChange={(chosen) => view.narrow({ statuses: statuses.filter((status) => chosen.includes(status)) })}
        />
      )
    case 'outcome':
      return (
        <ChoiceList
          name={name}
          choices={named(outcomes)}
          chosen={filter.outcomes}
          onChange={(chosen) => view.narrow({ outcomes: outcomes.filter((outcome) => chosen.includes(outcome)) })}
        />
      )
    case 'owner':
      return (
        <ChoiceList
          name={name}
          choices={directory.people}
          chosen={filter.owner_ids}
          onChange={(owner_ids) => view.narrow({ owner_ids })}
        />
      )
    case 'team':
      return (
        <ChoiceList
          name={name}
          choices={directory.teams}
          chosen={filter.team_ids}
          onChange={(team_ids) => view.narrow({ team_ids })}
        />
      )
    case 'customer':
      return <CustomerFilter />
    case 'currency':
      return (
        <ChoiceList
          name={name}
          choices={directory.currencies.map((currency) => ({ id: currency, name: currency }))}
          chosen={filter.currencies}
          onChange={(currencies) =>
            // A range of amounts holds for one currency only.
            view.narrow(
              currencies.length === 1 ? { currencies } : { currencies, value_min_minor: null, value_max_minor: null },
            )
          }
        />
      )
    case 'value':
      return <ValueFilter onDone={onDone} />
    case 'expiring':
      return (
        <OneOf
          name={name}
          choices={[0, 1, 3, 7, 14, 30].map((days) => ({ value: days, words: capitalised(daysWords(days)) }))}
          chosen={filter.expiring_within_days}
          onChange={(expiring_within_days) => view.narrow({ expiring_within_days })}
        />
      )
    case 'expired':
      return <YesNo name={name} chosen={filter.expired} onChange={(expired) => view.narrow({ expired })} />
    case 'incomplete':
      return <YesNo name={name} chosen={filter.incomplete} onChange={(incomplete) => view.narrow({ incomplete })} />
  }
}

interface YesNoProps {
  name: string
  chosen: boolean | null
  onChange(value: boolean | null): void
}

const yesNo = [
  { value: true, words: 'Yes' },
  { value: false, words: 'No' },
]

const YesNo = (props: YesNoProps) => <OneOf {...props} choices={yesNo} />
