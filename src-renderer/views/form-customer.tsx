import { type KeyboardEvent, useId, useState } from 'react'
import { useController, useFormContext } from 'react-hook-form'
import { useCustomers } from '../app/use-customers.ts'
import type { CustomerChoice } from '../engine-link/engine-client.ts'
import type { QuoteFormValues } from '../form/values.ts'
import { movedIndex } from '../list/moved-index.ts'
import { useLocked } from './form-context.tsx'
import { type ControlProps, FormField } from './form-field.tsx'

/** Who the quote is for: search as you type. Empty means nobody yet. */
export function CustomerField() {
  const { control } = useFormContext<QuoteFormValues>()
  const { field, fieldState } = useController({ control, name: 'customer' })
  const locked = useLocked('customer_id')
  return (
    <FormField label="Customer" field="customer_id" wide error={fieldState.error?.message}>
      {(props) => (
        <CustomerBox
          props={props}
          locked={locked}
          chosen={field.value}
          choose={field.onChange}
          onBlur={field.onBlur}
          inputRef={field.ref}
        />
      )}
    </FormField>
  )
}

interface BoxProps {
  props: ControlProps
  locked: boolean
  chosen: CustomerChoice | null
  choose: (customer: CustomerChoice | null) => void
  onBlur: () => void
  inputRef: (element: HTMLInputElement | null) => void
}

function CustomerBox({ props, locked, chosen, choose, onBlur, inputRef }: BoxProps) {
  const listId = useId()
  /** What is typed, while somebody types; null while the chosen customer stands. */
  const [text, setText] = useState<string | null>(null)
  /** Whether the person took the words out themselves, rather than only opened the list. */
  const [emptied, setEmptied] = useState(false)
  /** Words that were left standing and name no customer. */
  const [unknown, setUnknown] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const found = useCustomers(text)
  const customers = found !== null && 'customers' in found ? found.customers : []
  const open = text !== null
  const take = (customer: CustomerChoice | null) => {
    choose(customer)
    setUnknown(null)
    setText(null)
  }
  const type = (words: string, byHand: boolean) => {
    setText(words)
    setEmptied(byHand && words === '')
    setUnknown(null)
    setActive(0)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (!open) {
      if (event.key !== 'ArrowDown' || event.altKey) return
      event.preventDefault()
      type('', false)
      return
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      setText(null)
    } else if (event.key === 'Enter') {
      // With Ctrl or ⌘ the form is saved after that, with what stands here.
      event.preventDefault()
      const customer = found?.text === text ? customers[active] : undefined
      if (emptied) take(null)
      else if (customer) take(customer)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const next = movedIndex(event.key, active, customers.length, 8)
      if (next === null) return
      setActive(next)
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
  }
  /** Leaving: an emptied field means no customer, the exact name that one; anything else leaves it as it was. */
  const leave = () => {
    onBlur()
    if (text === null) return
    const wanted = text.trim().toLowerCase()
    const exact = customers.find(({ name }) => name.toLowerCase() === wanted)
    if (exact) take(exact)
    else if (wanted === '') {
      if (emptied) take(null)
      else setText(null)
    } else {
      setUnknown(text.trim())
      setText(null)
    }
  }
  return (
    <div className="combo">
      <input
        {...props}
        ref={inputRef}
        className="input"
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && customers.length > 0 ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={locked ? 'No customer' : 'Type to find a customer'}
        disabled={locked}
        maxLength={200}
        value={text ?? chosen?.name ?? ''}
        onChange={(event) => type(event.target.value, true)}
        onClick={(event) => {
          if (!open) event.currentTarget.select()
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {chosen !== null && !locked && !open && (
        <button type="button" className="combo-clear" aria-label="Remove customer" onClick={() => take(null)}>
          ×
        </button>
      )}
      {unknown !== null && (
        <output className="field-error">No customer is called “{unknown}”: choose one from the list.</output>
      )}
      {open && (
        <div className="combo-list">
          {/* A native list cannot be asked of the engine as one types, nor scroll to the choice of the keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
          <div id={listId} role="listbox" aria-label="Customers">
            {customers.map((customer, index) => (
              // The keyboard chooses through the field, which keeps the focus.
              <div
                key={customer.id}
                id={`${listId}-${index}`}
                className="combo-option"
                // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                onPointerDown={(event) => {
                  event.preventDefault()
                  take(customer)
                }}
                onPointerMove={() => setActive(index)}
              >
                {customer.name}
              </div>
            ))}
          </div>
          {found !== null && 'problem' in found && <p role="alert">{found.problem}</p>}
          {found?.text === text && customers.length === 0 && <p className="quiet">No customer of that name.</p>}
        </div>
      )}
    </div>
  )
}
