import { Checkbox, TextField } from '@radix-ui/themes'
import { useState } from 'react'
import { useStore } from 'zustand'
import { useDesk, useUi } from '../app/desk-context.tsx'
import { useCustomers } from '../app/use-customers.ts'
import type { CustomerChoice } from '../engine-link/engine-client.ts'

export function CustomerFilter() {
  const { view, ui } = useDesk()
  const [text, setText] = useState('')
  const found = useCustomers(text)
  const chosen = useStore(view.store, (state) => state.filter.customer_ids)
  const names = useUi((state) => state.customerNames)
  const toggle = ({ id, name }: CustomerChoice, on: boolean) => {
    ui.setState({ customerNames: new Map([...names, [id, name]]) })
    view.narrow({ customer_ids: on ? [...chosen, id] : chosen.filter((other) => other !== id) })
  }
  const chosenFirst = chosen.map((id) => ({ id, name: names.get(id) ?? 'unknown' }))
  const others = found !== null && 'customers' in found ? found.customers.filter(({ id }) => !chosen.includes(id)) : []
  return (
    <fieldset className="choices">
      <legend>Customer</legend>
      <TextField.Root
        size="1"
        type="search"
        placeholder="Find a customer"
        aria-label="Find a customer"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="choice-rows">
        {[...chosenFirst, ...others].map((customer) => (
          <label key={customer.id} className="choice">
            <Checkbox
              size="1"
              checked={chosen.includes(customer.id)}
              onCheckedChange={(on) => toggle(customer, on === true)}
            />
            <span className="ellipsis">{customer.name}</span>
          </label>
        ))}
        {found !== null && 'problem' in found && <p role="alert">{found.problem}</p>}
        {found !== null && 'customers' in found && others.length === 0 && chosen.length === 0 && (
          <p className="quiet">No customer of that name.</p>
        )}
      </div>
    </fieldset>
  )
}
