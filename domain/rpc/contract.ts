import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { personSchema, teamSchema } from '../directory.ts'
import { toastActionIds, toastEventSchema, toastSchema } from '../host/messages.ts'
import { entityIdSchema } from '../ids.ts'
import { currencySubtotalSchema, pipelineSchema } from '../pipeline.ts'
import { assignmentSchema, noteSchema, outcomeSchema, quoteFieldsSchema, statusSchema } from '../quote.ts'
import { fieldConflictSchema } from '../wire/sync-http.ts'
import { alertsContract, calendarContract, diagnosticsContract, policyContract, settingsContract } from './alerts.ts'
import {
  pendingChangeSchema,
  quoteDetailSchema,
  quoteFilterSchema,
  quotePageSchema,
  quoteSortSchema,
} from './quotes.ts'
import { sessionSchema, syncStatusSchema } from './session.ts'
import { streamReportSchema, verifyResultSchema } from './sync.ts'

const nothing = z.object({})
const entry = z.strictObject({ entry: z.int() })
/** The change's name on this machine, for undo and discard. */
const queued = z.object({ entry: z.int() })
const refused = { refused: { data: z.object({ code: z.string() }) } } as const
const notFound = { not_found: {} } as const

/** What the cache tells a view: something of this kind changed, read it again. At most 10 a second, coalesced. */
export const cacheChangeSchema = z.strictObject({
  /** Ids of quotes that changed; null when too many to name: everything may have. */
  quotes: z.array(entityIdSchema).nullable(),
  directory: z.boolean(),
  outbox: z.boolean(),
  /** Alerts, what waits of them, or the settings and rules that they go by. */
  alerts: z.boolean(),
})
export type CacheChange = z.infer<typeof cacheChangeSchema>

/** Renderer ↔ engine. `watch` procedures yield the present value first, then each change, until aborted. */
export const engineContract = {
  session: {
    watch: oc.output(eventIterator(sessionSchema)),
    signIn: oc
      .errors(refused)
      .input(z.strictObject({ email: z.string().max(320), password: z.string().max(1024) }))
      .output(nothing),
    signInSample: oc
      .errors(refused)
      .input(z.strictObject({ email: z.string() }))
      .output(nothing),
    signOut: oc.output(nothing),
    dismissNotice: oc.output(nothing),
  },
  status: {
    watch: oc.output(eventIterator(syncStatusSchema)),
    /** Try to connect now instead of at `retry_at`. */
    retryNow: oc.output(nothing),
  },
  changes: { watch: oc.output(eventIterator(cacheChangeSchema)) },
  quotes: {
    page: oc
      .errors(refused)
      .input(
        z.strictObject({
          filter: quoteFilterSchema,
          sort: quoteSortSchema,
          offset: z.int().nonnegative(),
          limit: z.int().min(1).max(500),
        }),
      )
      .output(quotePageSchema),
    get: oc
      .errors(notFound)
      .input(z.strictObject({ id: entityIdSchema }))
      .output(quoteDetailSchema),
    changeStatus: oc
      .errors({ ...notFound, ...refused })
      .input(
        z.strictObject({
          id: entityIdSchema,
          to: statusSchema,
          outcome: outcomeSchema.nullable(),
          reason: z.string().max(2000).nullable(),
        }),
      )
      .output(queued),
    /** A new draft, also offline; its number comes with the sync. */
    create: oc
      .errors(refused)
      .input(z.strictObject({ ...assignmentSchema.shape, ...quoteFieldsSchema.shape }))
      .output(queued.extend({ id: entityIdSchema })),
    /** `base` is what the form showed when it was opened: the version, and the values of the fields in `fields`. */
    edit: oc
      .errors({ ...notFound, ...refused })
      .input(
        z.strictObject({
          id: entityIdSchema,
          base: z.strictObject({ version: z.int().positive(), fields: quoteFieldsSchema.partial() }),
          fields: quoteFieldsSchema.partial(),
        }),
      )
      .output(queued),
    reassign: oc
      .errors({ ...notFound, ...refused })
      .input(z.strictObject({ id: entityIdSchema, ...assignmentSchema.shape }))
      .output(queued),
    addNote: oc
      .errors({ ...notFound, ...refused })
      .input(z.strictObject({ id: entityIdSchema, text: noteSchema }))
      .output(queued),
  },
  outbox: {
    list: oc.output(z.object({ changes: z.array(pendingChangeSchema) })),
    /** Takes a change that has not been sent yet back, or a refused one off the list. */
    discard: oc
      .errors({ ...notFound, ...refused })
      .input(entry)
      .output(nothing),
    /**
     * Undoes a change made in this run: takes it back while it waits here, else queues its opposite as one more change.
     * `took_back` says which.
     */
    undo: oc
      .errors({ ...notFound, ...refused })
      .input(entry)
      .output(z.object({ took_back: z.boolean() })),
    /** Sends a refused change again as a new one, on top of how things stand now. */
    retry: oc
      .errors({ ...notFound, ...refused })
      .input(entry)
      .output(queued),
    /**
     * Settles a conflict: `mine` names the fields in dispute in which the person's value shall stand; the others keep
     * theirs. What is left goes out as one more ordinary edit, or nothing does: then `entry` is null. `current_version` is
     * what the choice was made by: refused when somebody changed the quote again since.
     */
    resolve: oc
      .errors({ ...notFound, ...refused })
      .input(
        entry.extend({
          mine: z.array(fieldConflictSchema.shape.field),
          current_version: z.int().positive().nullable(),
        }),
      )
      .output(z.object({ entry: z.int().nullable() })),
  },
  sync: {
    /** What is known of each stream; at most 4 a second. */
    watch: oc.output(eventIterator(z.object({ streams: z.array(streamReportSchema) }))),
    /** Compares this machine's copy with the server's, by hash, and checks the file. */
    verify: oc
      .errors(refused)
      .input(z.strictObject({ stream: z.string() }))
      .output(verifyResultSchema),
    /** Fetches the stream again; queued changes stay. Resolves when it is level. */
    repair: oc
      .errors(refused)
      .input(z.strictObject({ stream: z.string() }))
      .output(nothing),
  },
  pipeline: {
    get: oc.output(
      pipelineSchema.extend({
        expiring_7_days: z.int(),
        expired: z.int(),
        won_this_month: z.array(currencySubtotalSchema.omit({ weighted_minor: true })),
      }),
    ),
  },
  directory: {
    get: oc.output(
      z.object({
        teams: z.array(teamSchema),
        people: z.array(personSchema),
        currencies: z.array(z.string()),
      }),
    ),
    /** Customers whose name contains the words, by name, at most 50. */
    customers: oc
      .input(z.strictObject({ text: z.string().max(200) }))
      .output(z.object({ customers: z.array(z.object({ id: entityIdSchema, name: z.string() })) })),
  },
  alerts: alertsContract,
  calendar: calendarContract,
  settings: settingsContract,
  policy: policyContract,
  diagnostics: diagnosticsContract,
  window: {
    /** What the outside asks this window to open, e.g. the quote of a clicked toast. */
    watch: oc.output(
      eventIterator(
        z.object({
          open_quote: entityIdSchema.nullable(),
          expiring_list: z.boolean(),
          /** With `open_quote`: its form, at this field. */
          edit: z.enum(['valid_until']).nullable().default(null),
          /** The alert centre: what several alerts of all kinds were told by. */
          alerts: z.boolean().default(false),
          /** What could not be done from a toast, in words for the person. */
          problem: z.string().nullable().default(null),
        }),
      ),
    ),
    /** Toasts that this window has to show itself, because the host has no native channel or a person looks at it. */
    toasts: oc.output(eventIterator(toastSchema)),
    /** Keys of toasts that were dealt with elsewhere and are to go. */
    closedToasts: oc.output(eventIterator(z.object({ key: z.string() }))),
    toastEvent: oc.input(z.strictObject({ key: z.string(), event: toastEventSchema })).output(nothing),
    /** A button of a toast that this window shows. */
    toastAction: oc.input(z.strictObject({ key: z.string(), action: z.enum(toastActionIds) })).output(nothing),
    /** Whether a person looks at this window: toasts then come inside it. */
    focus: oc.input(z.strictObject({ focused: z.boolean() })).output(nothing),
  },
}
export type EngineContract = typeof engineContract
