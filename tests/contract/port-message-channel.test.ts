import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort as NodeMessagePort } from 'node:worker_threads'
import type { MessagePortMain } from 'electron'
import { messagePort } from '../../domain/host/message-port.ts'
import { openBridge } from '../../src-renderer/bridge.ts'
import { fakePage } from './support/browser-page.ts'
import { serveEcho } from './support/echo-side.ts'
import { portContract } from './support/port-contract.ts'

/** Electron's MessagePortMain has Node's events with the DOM's `{data}`; Node's own port is beneath. */
function mainPort(port: NodeMessagePort): MessagePortMain {
  const main = new EventEmitter()
  port.on('close', () => main.emit('close'))
  return Object.assign(main, {
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.on('message', (data: unknown) => main.emit('message', { data, ports: [] })),
    close: () => port.close(),
  })
}

portContract("Electron's MessagePortMain, in shell and engine alike", async () => {
  const { port1, port2 } = new MessageChannel()
  serveEcho(messagePort(mainPort(port2)), () => port2.close())
  return { port: messagePort(mainPort(port1)), dispose: () => port1.close() }
})

portContract("the page's MessagePort to the shell", async () => {
  const { port1, port2 } = new MessageChannel()
  serveEcho(messagePort(mainPort(port2)), () => port2.close())
  const answer = (page: Window) => {
    const { origin } = page.location
    const event = Object.assign(new Event('message'), { data: 'quotedesk:engine-port', origin, source: page })
    page.dispatchEvent(Object.assign(event, { ports: [port1] }))
  }
  const bridge = openBridge(fakePage('app://quotedesk/', answer))
  return { port: await bridge.connect(new AbortController().signal), dispose: () => port1.close() }
})
