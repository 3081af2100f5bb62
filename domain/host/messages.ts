import { z } from 'zod'
import { entityIdSchema } from '../ids.ts'

/** How this host can show a toast, or why it cannot; shown to the person, so never silent. */
export const toastChannelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('native'), via: z.enum(['electron', 'dbus']) }),
  z.strictObject({ kind: z.literal('in_window'), reason: z.string() }),
])
export type ToastChannel = z.infer<typeof toastChannelSchema>

/** How this host keeps the refresh token between starts, or why it does not. */
export const secretKeepingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kept') }),
  z.strictObject({ kind: z.literal('session_only'), reason: z.string() }),
])
export type SecretKeeping = z.infer<typeof secretKeepingSchema>

/** A person of the sample workspace whose random password the launcher made on this machine; one-click sign-in. */
export const sampleAccountSchema = z.strictObject({
  name: z.string(),
  role: z.string(),
  email: z.string(),
  password: z.string(),
})
export type SampleAccount = z.infer<typeof sampleAccountSchema>

/** What a person can do from a toast without opening the window; clicking its body opens. */
export const toastActionIds = ['open', 'snooze', 'mark_lost', 'extend', 'acknowledge'] as const
export const toastActionSchema = z.strictObject({ id: z.enum(toastActionIds), label: z.string().min(1).max(40) })
export type ToastActionId = z.infer<typeof toastActionSchema>['id']

/** A toast: `key` is stable per (quote, rule, expiry), at most 64 characters, so that showing again replaces. */
export const toastSchema = z.strictObject({
  key: z.string().min(1).max(64),
  title: z.string(),
  body: z.string(),
  quote: entityIdSchema.nullable(),
  /** Buttons, most useful first; a platform shows as many as it can, none where it has none. */
  actions: z.array(toastActionSchema).max(4),
  urgency: z.enum(['low', 'normal', 'critical']),
})
export type Toast = z.infer<typeof toastSchema>

/**
 * What became of a toast. `dismissed`: the person closed it; `closed`: it went for another reason (timed out, taken back),
 * which says nothing about whether it was seen.
 */
export const toastEventSchema = z.enum(['shown', 'clicked', 'dismissed', 'closed', 'failed'])
export type ToastEvent = z.infer<typeof toastEventSchema>

/** What a host tells its engine. `start` comes first and once. */
export const hostToEngineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    data_dir: z.string(),
    server_url: z.url(),
    toast_channel: toastChannelSchema,
    secret_keeping: secretKeepingSchema,
    /** The kept refresh token, if there is one. */
    secret: z.string().nullable(),
    sample_accounts: z.array(sampleAccountSchema),
    log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
  }),
  z.strictObject({ kind: z.literal('power'), event: z.enum(['resume', 'unlock', 'online', 'suspend']) }),
  z.strictObject({
    kind: z.literal('toast_event'),
    key: z.string(),
    event: toastEventSchema,
    detail: z.string().nullable(),
  }),
  /** A button of the toast was pressed. */
  z.strictObject({ kind: z.literal('toast_action'), key: z.string(), action: z.enum(toastActionIds) }),
  /** What the platform tells of whether the person wants to be disturbed; null where it does not tell. */
  z.strictObject({
    kind: z.literal('presence'),
    do_not_disturb: z.boolean().nullable(),
    full_screen: z.boolean().nullable(),
  }),
  z.strictObject({ kind: z.literal('toast_channel'), toast_channel: toastChannelSchema }),
  z.strictObject({ kind: z.literal('open_quote'), quote: entityIdSchema }),
  z.strictObject({ kind: z.literal('stop') }),
])
export type HostToEngine = z.infer<typeof hostToEngineSchema>

/** What an engine tells its host. */
export const engineToHostSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('show_toast'), toast: toastSchema }),
  z.strictObject({ kind: z.literal('close_toast'), key: z.string() }),
  /** Unread alerts, for tray, dock and taskbar; 0 takes the badge away. */
  z.strictObject({ kind: z.literal('badge'), count: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('keep_secret'), secret: z.string().nullable() }),
  z.strictObject({ kind: z.literal('focus_window') }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
  z.strictObject({ kind: z.literal('stopped') }),
])
export type EngineToHost = z.infer<typeof engineToHostSchema>
