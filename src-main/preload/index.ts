import { contextBridge, ipcRenderer } from 'electron'

/** All that the page gets of this process: it may ask for its port to the engine, and is given it by a message. */
contextBridge.exposeInMainWorld('quotedesk', {
  requestEnginePort: () => ipcRenderer.send('quotedesk:request-engine-port'),
})

// Ports cannot pass the context bridge; a message to the page's own window carries them over.
ipcRenderer.on('quotedesk:engine-port', (event) => {
  window.postMessage('quotedesk:engine-port', location.origin, [...event.ports])
})
