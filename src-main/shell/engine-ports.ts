import { type IpcMainEvent, ipcMain, type MessagePortMain } from 'electron'
import { isPageUrl } from './app-protocol.ts'

/** Channels between this process and the preload; there are no others. */
const requestChannel = 'quotedesk:request-engine-port'
const answerChannel = 'quotedesk:engine-port'

/** Only the page in the main frame of a window may ask: no other frame, no other address. */
function isOurPage({ senderFrame, sender }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isPageUrl(senderFrame.url)
}

/**
 * Gives a page that asks its port to the engine. Without an answer (no engine just now) the page asks again.
 * @param refused told when somebody else asked
 */
export function handOutEnginePorts(open: () => MessagePortMain | null, refused: (url: string) => void): void {
  ipcMain.on(requestChannel, (event) => {
    if (!isOurPage(event)) {
      refused(event.senderFrame?.url ?? 'a frame that is gone')
      return
    }
    const port = open()
    if (port) event.senderFrame?.postMessage(answerChannel, null, [port])
  })
}
