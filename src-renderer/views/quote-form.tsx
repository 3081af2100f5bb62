import { Button, IconButton } from '@radix-ui/themes'
import { X } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import { FormProvider, useForm, useFormContext, useWatch } from 'react-hook-form'
import { useStore } from 'zustand'
import type { Person } from '../../domain/directory.ts'
import { quoteLabel } from '../../domain/ids.ts'
import { quoteFieldNames } from '../../domain/quote.ts'
import { useData, useDesk } from '../app/desk-context.tsx'
import { lostParts, missingIn } from '../form/missing.ts'
import { formResolver } from '../form/resolver.ts'
import type { QuoteFormValues } from '../form/values.ts'
import type { OpenForm } from '../state/open-form.ts'
import { fieldWords, listWords } from '../words/fields.ts'
import { CurrencyField, TitleField } from './form-basics.tsx'
import { FormSettingProvider, useFormSetting } from './form-context.tsx'
import { CustomerField } from './form-customer.tsx'
import { FormLines } from './form-lines.tsx'
import { PeopleFields } from './form-people.tsx'
import { ValidUntilFields } from './form-valid-until.tsx'
import { ValueField } from './form-value.tsx'
import { LeaveDialog } from './leave-dialog.tsx'
import { useFollowQuote } from './use-follow-quote.ts'
import { useLeaveForm } from './use-leave-form.ts'
import { useSaveForm } from './use-save-form.ts'

/** All that a person may set of a quote, new or not. */
export function QuoteForm({ open, me }: { open: OpenForm; me: Person }) {
  const { page, ui } = useDesk()
  const form = useRef<HTMLFormElement>(null)
  const quote = open.kind === 'edit' ? open.quote : null
  const resolver = useMemo(
    () =>
      formResolver((values) => {
        const { detail } = page.store.getState()
        if (detail === null || detail.quote.id !== quote) return []
        return lostParts(values, detail.missing, detail.quote.status)
      }),
    [quote, page],
  )
  const methods = useForm<QuoteFormValues>({ defaultValues: open.values, mode: 'onTouched', resolver })
  const { marks, choose, detail } = useFollowQuote(open, methods)
  const { asking, stay, close } = useLeaveForm(open, methods.getValues)
  const { save, problem } = useSaveForm()
  const { isSubmitting } = methods.formState
  const editable = open.kind === 'new' ? quoteFieldNames : (detail?.may.edit ?? quoteFieldNames)
  const unread = open.kind === 'edit' && detail === null
  const submit = () => {
    if (isSubmitting || unread) return
    // A date that is half typed reads as none: it must not be taken for "no date".
    const date = form.current?.querySelector('input[type="date"]')
    if (date instanceof HTMLInputElement && date.validity.badInput) {
      methods.setError('expires_on', { type: 'form', message: 'Finish the date, or clear it.' }, { shouldFocus: true })
      return
    }
    void methods.handleSubmit(save)()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      submit()
    } else if (event.key === 'Escape' && !event.defaultPrevented && !asking) {
      event.preventDefault()
      ui.setState({ leavingForm: true })
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
  }
  const leave = () => ui.setState({ leavingForm: true })
  const name = open.kind === 'new' ? 'New quote' : `Edit ${detail === null ? 'quote' : quoteLabel(detail.quote)}`
  return (
    <FormProvider {...methods}>
      <FormSettingProvider setting={{ editable, marks, choose }}>
        {/* Keys of the fields inside, which have them from here. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <form
          ref={form}
          className="quote-form"
          aria-label={name}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
          onKeyDown={onKeyDown}
        >
          <header className="pane-bar form-head">
            <h2>
              <span className="number">{name}</span>
              {detail !== null && <span className="quiet"> · {detail.customer?.customer.name ?? 'No customer'}</span>}
            </h2>
            <IconButton
              type="button"
              size="1"
              variant="ghost"
              color="gray"
              aria-label="Close form"
              aria-keyshortcuts="Escape"
              onClick={leave}
            >
              <X size={15} aria-hidden="true" />
            </IconButton>
          </header>
          <div className="form-body">
            <Notes open={open} closed={detail?.quote.status === 'closed'} />
            <div className="form-grid">
              {open.kind === 'new' && <PeopleFields me={me} />}
              <div className="form-start">
                <CustomerField />
              </div>
              <TitleField />
              <ValidUntilFields />
            </div>
            <h3>Lines</h3>
            <FormLines />
            <div className="form-grid">
              <CurrencyField />
              <ValueField />
            </div>
          </div>
          <footer className="form-foot">
            {problem !== null && (
              <p className="field-error" role="alert">
                Not saved: {problem} What you typed is still here.
              </p>
            )}
            <StillMissing draft={open.kind === 'new' || detail?.quote.status === 'draft'} />
            <Disputes />
            <div className="form-buttons">
              <Button
                type="submit"
                size="1"
                disabled={isSubmitting || unread}
                aria-keyshortcuts="Control+Enter Meta+Enter"
              >
                {isSubmitting ? 'Saving…' : open.kind === 'new' ? 'Create quote' : 'Save'}
                <kbd className="key in-button" aria-hidden="true">
                  Ctrl ↵
                </kbd>
              </Button>
              <Button type="button" size="1" variant="soft" color="gray" onClick={leave}>
                Cancel
              </Button>
            </div>
          </footer>
        </form>
        <LeaveDialog
          open={asking}
          what={open.kind === 'new' ? 'for the new quote' : 'about this quote'}
          onStay={stay}
          onLeave={close}
        />
      </FormSettingProvider>
    </FormProvider>
  )
}

/** Says at the foot, too, what somebody else changed: the field may be out of sight. */
function Disputes() {
  const { marks } = useFormSetting()
  const disputed = [...marks].filter(([, mark]) => mark.kind === 'disputed').map(([field]) => fieldWords[field])
  if (disputed.length === 0) return null
  return (
    <output className="quiet">
      Changed by others while you typed: {listWords(disputed)}. If you save without choosing, you will be asked.
    </output>
  )
}

/** What one should know before typing. */
function Notes({ open, closed }: { open: OpenForm; closed: boolean }) {
  const { page } = useDesk()
  const unreadable = useStore(page.store, ({ id, problem }) =>
    open.kind === 'edit' && id === open.quote ? problem : null,
  )
  const offline = useData((data) => data.status !== null && data.status.connection.state !== 'live')
  return (
    <>
      {unreadable !== null && (
        <p className="banner" role="alert">
          The quote can no longer be read, so nothing of it can be saved: {unreadable} What you typed is still here to
          copy.
        </p>
      )}
      {closed && (
        <p className="banner" role="note">
          The quote is closed: only its valid-until date may change.
        </p>
      )}
      {offline && unreadable === null && (
        <p className="banner" role="note">
          {open.kind === 'new'
            ? 'You are offline. The quote is kept here and gets its number when connected.'
            : 'You are offline. Your changes are kept here and sent when connected.'}
        </p>
      )}
    </>
  )
}

/** What keeps it from being saved; else, as a draft may lack anything, what it will need to go on. */
function StillMissing({ draft }: { draft: boolean }) {
  const { control, getValues, formState } = useFormContext<QuoteFormValues>()
  useWatch({ control, name: ['customer', 'lines', 'value', 'expires_on'] })
  if (Object.keys(formState.errors).length > 0) {
    return <output className="field-error">Not saved yet: look at the marked fields first.</output>
  }
  if (!draft) return null
  const missing = missingIn(getValues())
  return (
    <output className="quiet still-missing">
      {missing.length === 0
        ? 'It has all it needs to become active.'
        : `Can be saved as it is. Before it can become active it still needs: ${listWords(missing)}.`}
    </output>
  )
}
