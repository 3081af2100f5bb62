import { describe, expect, it } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { makeDetail, makeRow, personId } from '../../tests/support/renderer/rows.ts'
import type { QuoteFormValues } from '../form/values.ts'
import { createFormDesk, type EditForm } from './open-form.ts'

const nowMs = 1_795_270_000_000
const first = makeDetail(makeRow(1))

/** The quote after somebody else changed it. */
function changed(fields: Partial<Quote>, version = 4): QuoteDetail {
  const entry = { quote: first.quote.id, version, kind: 'edited', after: fields, actor_name: 'Mia Chen' }
  return {
    ...first,
    quote: { ...first.quote, ...fields, version },
    base_version: version,
    history: [entry] as unknown as QuoteDetail['history'],
  }
}

function openForm() {
  const form = createFormDesk()
  form.openEdit(personId, first, null)
  const open = () => form.store.getState().open as EditForm
  const typed = (more: Partial<QuoteFormValues>) => ({ ...open().start, ...more })
  return { form, open, typed }
}

describe('a quote that changes under its form', () => {
  it('shows new values where nobody typed, says who changed them, and takes them as its base', () => {
    const { form, open, typed } = openForm()
    const now = changed({ title: 'Theirs' })
    expect(form.follow(now, typed({ value: '7.00' }), nowMs)).toEqual(['title'])
    expect(open().base.version).toBe(4)
    expect(open().values).toMatchObject({ title: 'Theirs', value: '7.00' })
    expect(open().marks.get('title')).toEqual({ kind: 'adopted', by: 'Mia Chen', theirs: 'Theirs' })
  })

  it('keeps what was typed, shows the other value beside it, and names the older version as base', () => {
    const { form, open, typed } = openForm()
    const values = typed({ title: 'Mine' })
    expect(form.follow(changed({ title: 'Theirs', expires_on: '2026-12-31' }), values, nowMs)).toEqual(['expires_on'])
    expect(open().marks.get('title')).toMatchObject({ kind: 'disputed', theirs: 'Theirs' })
    expect(open().base).toMatchObject({
      version: 3,
      quote: { title: first.quote.title, expires_on: '2026-12-31' },
    })
    expect(open().values.title).toBe('Mine')
  })

  it('is no dispute when both typed the same', () => {
    const { form, open, typed } = openForm()
    form.follow(changed({ title: 'Same' }), typed({ title: 'Same' }), nowMs)
    expect(open().base.version).toBe(4)
    expect([...open().marks.values()].filter(({ kind }) => kind === 'disputed')).toEqual([])
  })

  it('moves its base on once the person has chosen their own, until the other value changes again', () => {
    const { form, open, typed } = openForm()
    const values = typed({ title: 'Mine' })
    const now = changed({ title: 'Theirs' })
    form.follow(now, values, nowMs)
    form.settle({ title: 'Theirs' })
    form.follow(now, values, nowMs)
    expect(open().base).toMatchObject({ version: 4, quote: { title: 'Theirs' } })
    expect(open().marks.has('title')).toBe(false)

    form.follow(changed({ title: 'Theirs again' }, 5), values, nowMs)
    expect(open().base.version).toBe(4)
    expect(open().marks.get('title')).toMatchObject({ kind: 'disputed', theirs: 'Theirs again' })
  })

  it('moves its base on once the person has taken the other value', () => {
    const { form, open, typed } = openForm()
    const now = changed({ title: 'Theirs' })
    form.follow(now, typed({ title: 'Mine' }), nowMs)
    form.follow(now, typed({ title: 'Theirs' }), nowMs)
    expect(open().base.version).toBe(4)
  })

  it('a change of somebody else’s quote, or of a form that is closed, says nothing', () => {
    const { form, open, typed } = openForm()
    const other = makeDetail(makeRow(2))
    expect(form.follow(other, typed({}), nowMs)).toEqual([])
    expect(open().base.version).toBe(3)
    form.close()
    expect(form.follow(changed({ title: 'Theirs' }), first.quote as never, nowMs)).toEqual([])
  })
})

describe('typing in an open form', () => {
  it('is kept while the form is off the screen, but not in another form that was opened since', () => {
    const { form, open, typed } = openForm()
    const { key } = open()
    form.keep(key, typed({ title: 'Half' }))
    expect(open().values.title).toBe('Half')
    form.openEdit(personId, makeDetail(makeRow(2)), 'value')
    form.keep(key, typed({ title: 'Late' }))
    expect(open()).toMatchObject({ values: { title: 'Rollout 2' }, part: 'value' })
  })
})
