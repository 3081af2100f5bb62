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

function setUp(first: 'granted' | 'denied' | 'not_asked') {
  let permission = first
  const reported: string[] = []
  const opened: Array<string | null> = []
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
  const alerts = createAlertToasts({
    engine: () => ({ window: { toastEvent } }) as unknown as EngineClient,
    notifications: door,
    openFrom: (quote) => void opened.push(quote),
  })
  return { alerts, reported, opened, shown, inWindow: () => alerts.store.getState().inWindow }
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

  it('open their quote or the list of what expires, and go away when answered', () => {
    const { alerts, reported, opened, inWindow } = setUp('denied')
    const summary = { ...toast, key: 'summary', quote: null }
    alerts.show(toast)
    alerts.show(summary)
    alerts.answer(summary, 'clicked')
    alerts.answer(toast, 'closed')
    expect(opened).toEqual([null])
    expect(inWindow()).toEqual([])
    expect(reported.slice(2)).toEqual(['clicked summary', `closed ${toast.key}`])
  })

  it('are asked for politely: only when the person says so', async () => {
    const { alerts } = setUp('not_asked')
    expect(alerts.store.getState().permission).toBe('not_asked')
    await alerts.askPermission()
    expect(alerts.store.getState().permission).toBe('granted')
  })
})
