import { describe, expect, it } from 'vitest'
import type { Toast } from '../../domain/host/messages.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { createAlertToasts, type NotificationDoor, type NotificationEvents } from './alert-toasts.ts'

const toast: Toast = {
  key: 'q:3:2026-11-27',
  title: 'Q-1042 expires in 3 days',
  body: 'Acme Corp',
  quote: 'quote-id',
  actions: [],
  urgency: 'normal',
}

function setUp(first: 'granted' | 'denied' | 'not_asked', looked = false) {
  let permission = first
  const reported: string[] = []
  const opened: string[] = []
  const shown: NotificationEvents[] = []
  const door: NotificationDoor = {
    permission: () => permission,
    ask: async () => {
      permission = 'granted'
      return permission
    },
    show: (_toast, on) => void shown.push(on),
  }
  const toastEvent = async ({ key, event }: { key: string; event: string }) => {
    reported.push(`${event} ${key}`)
    return {}
  }
  const refusal: { words: string | null } = { words: null }
  const toastAction = async ({ key, action }: { key: string; action: string }) => {
    if (refusal.words !== null) throw new Error(refusal.words)
    reported.push(`${action} ${key}`)
    return {}
  }
  const alerts = createAlertToasts({
    engine: () => ({ window: { toastEvent, toastAction } }) as unknown as EngineClient,
    notifications: door,
    isLookedAt: () => looked,
    openFrom: (quote) => void opened.push(quote),
  })
  return { alerts, reported, opened, shown, refusal, inWindow: () => alerts.store.getState().inWindow }
}

describe('alerts that the window shows itself', () => {
  it('go through the browser when it may, and every event is reported', () => {
    const { alerts, reported, opened, shown, inWindow } = setUp('granted')
    alerts.show(toast)
    expect(inWindow()).toEqual([])
    shown[0]?.shown()
    shown[0]?.clicked()
    shown[0]?.closed()
    expect(reported).toEqual([`shown ${toast.key}`, `clicked ${toast.key}`, `closed ${toast.key}`])
    expect(opened).toEqual(['quote-id'])
  })

  it('stand in the window when it may not; the same alert stands there once', () => {
    const { alerts, reported, inWindow } = setUp('denied')
    alerts.show(toast)
    alerts.show({ ...toast, title: 'Q-1042 expires tomorrow' })
    expect(inWindow()).toEqual([{ ...toast, title: 'Q-1042 expires tomorrow' }])
    expect(reported).toEqual([`shown ${toast.key}`, `shown ${toast.key}`])
  })

  it('stand in the window when the browser fails to show them', () => {
    const { alerts, shown, inWindow } = setUp('granted')
    alerts.show(toast)
    shown[0]?.failed()
    expect(inWindow()).toEqual([toast])
  })

  it('open their quote, leave the list of several to the engine, and go away when answered', () => {
    const { alerts, reported, opened, inWindow } = setUp('denied')
    const summary = { ...toast, key: 'summary', quote: null }
    alerts.show(toast)
    alerts.show(summary)
    alerts.answer(summary, 'clicked')
    alerts.answer(toast, 'dismissed')
    expect(opened).toEqual([])
    expect(inWindow()).toEqual([])
    expect(reported.slice(2)).toEqual(['clicked summary', `dismissed ${toast.key}`])
  })

  it('stand in the window that a person looks at, even where the browser may show them', () => {
    const { alerts, shown, inWindow } = setUp('granted', true)
    alerts.show(toast)
    expect(shown).toEqual([])
    expect(inWindow()).toEqual([toast])
  })

  it('go when they were dealt with elsewhere', () => {
    const { alerts, reported, inWindow } = setUp('denied')
    alerts.show(toast)
    alerts.takeBack(toast.key)
    expect(inWindow()).toEqual([])
    expect(reported).toEqual([`shown ${toast.key}`])
  })

  it('have the buttons of native ones; one that fails keeps its toast and says why', async () => {
    const { alerts, reported, opened, refusal, inWindow } = setUp('denied')
    alerts.show(toast)
    refusal.words = 'Snoozing needs the engine.'
    await alerts.act(toast, 'snooze')
    expect(inWindow()).toEqual([toast])
    expect(alerts.store.getState().problem).toBe('Snoozing needs the engine.')
    refusal.words = null
    await alerts.act(toast, 'snooze')
    expect(inWindow()).toEqual([])
    expect(reported.at(-1)).toBe(`snooze ${toast.key}`)
    await alerts.act(toast, 'open')
    expect(opened).toEqual(['quote-id'])
  })

  it('are asked for politely: only when the person says so', async () => {
    const { alerts } = setUp('not_asked')
    expect(alerts.store.getState().permission).toBe('not_asked')
    await alerts.askPermission()
    expect(alerts.store.getState().permission).toBe('granted')
  })
})
