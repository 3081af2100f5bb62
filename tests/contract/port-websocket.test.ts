import { afterEach, vi } from 'vitest'
import { createToken, LoopbackGuard } from '../../src-main/browser-host/loopback-guard.ts'
import { listenOnLoopback } from '../../src-main/browser-host/page-server.ts'
import { acceptWindows } from '../../src-main/browser-host/window-sockets.ts'
import { openBridge } from '../../src-renderer/bridge.ts'
import { browserWebSocket, fakePage } from './support/browser-page.ts'
import { serveEcho } from './support/echo-side.ts'
import { portContract } from './support/port-contract.ts'
import { portPair } from './support/port-pair.ts'
import { textPort } from './support/text-port.ts'

afterEach(() => vi.unstubAllGlobals())

portContract("the page's WebSocket to the browser host", async () => {
  const { server, port } = await listenOnLoopback(0)
  const token = createToken()
  const guard = new LoopbackGuard(port, token)
  const engine = portPair()
  serveEcho(textPort(engine.far), engine.cut)
  const windows = acceptWindows(server, guard, () => engine.near)
  vi.stubGlobal('WebSocket', browserWebSocket(guard.origin))
  const bridge = openBridge(fakePage(`${guard.origin}/#token=${token}`))
  return {
    port: textPort(await bridge.connect(new AbortController().signal)),
    dispose: async () => {
      windows.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
})
