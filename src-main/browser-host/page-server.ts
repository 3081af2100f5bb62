import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pageHeaders } from '../host/page-security.ts'
import type { RendererFiles } from '../host/renderer-files.ts'
import type { LoopbackGuard } from './loopback-guard.ts'

/**
 * Listens on 127.0.0.1 and nowhere else.
 * @param port 0 takes a free one
 * @throws Error that says so when the port is taken
 */
export async function listenOnLoopback(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? new Error(`port ${port} on 127.0.0.1 is taken: choose another with --port`) : error)
    })
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve)
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/** Answers GET and HEAD for the files of the page; everything else is refused in one line. */
export function pageHandler(files: RendererFiles, guard: LoopbackGuard) {
  const headers = pageHeaders([guard.origin.replace('http:', 'ws:')])
  const refuse = (response: ServerResponse, status: number, line: string) => {
    response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
    response.end(`${line}\n`)
  }
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (!guard.hostIsOurs(request)) return refuse(response, 421, `This is ${guard.origin}, asked for by another name.`)
    if (!guard.originIsOurs(request, false)) return refuse(response, 403, 'Pages of other sites may not read this.')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(response, 405, 'Only GET and HEAD are answered here.')
    }
    // Compared as text: what a parser makes of a strange path is not of interest.
    const file = files.get(request.url?.split('?', 1)[0] ?? '/')
    if (!file) return refuse(response, 404, 'There is no such file.')
    response.writeHead(200, {
      ...headers,
      'Content-Type': file.contentType,
      'Content-Length': file.body.length,
      'Cache-Control': file.cacheControl,
    })
    response.end(request.method === 'HEAD' ? undefined : file.body)
  }
}
