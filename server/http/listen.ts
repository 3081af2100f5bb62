import type { Server as HttpServer } from 'node:http'
import type { ServerConfig } from '../config.ts'
import { PortError } from './port-error.ts'

/** @returns the port, which is another than the given one when that was 0. @throws PortError */
export function listen(
  http: HttpServer,
  { host, port }: Pick<ServerConfig, 'host' | 'port'>,
): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(asPortError(error, host, port)))
    http.listen({ host, port }, () => {
      const address = http.address()
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'))
      else resolve({ port: address.port })
    })
  })
}

function asPortError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new PortError(
      `port ${port} on ${host} is taken: stop what uses it (perhaps another QuoteDesk), or choose another with --port N`,
      { cause: error },
    )
  }
  if (error.code === 'EACCES') {
    return new PortError(`this user may not listen on port ${port}: choose one above 1023 with --port N`, {
      cause: error,
    })
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new PortError(`this machine has no address ${host}: choose another with --host`, { cause: error })
  }
  return error
}
