import { protocol } from 'electron'
import { pageHeaders } from '../host/page-security.ts'
import type { RendererFiles } from '../host/renderer-files.ts'

const scheme = 'app'

/** Where the page lives. A scheme of its own instead of file://, so that it has an origin and can reach no file. */
export const pageOrigin = `${scheme}://quotedesk`
export const pageUrl = `${pageOrigin}/`

/** Has to run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, codeCache: true } }])
}

/** Serves the built page and nothing else. */
export function servePage(files: RendererFiles): void {
  const headers = pageHeaders([])
  protocol.handle(scheme, (request) => {
    const url = new URL(request.url)
    const file = request.url.startsWith(pageUrl) && request.method === 'GET' ? files.get(url.pathname) : undefined
    if (!file) return new Response('There is no such file.', { status: 404, headers })
    return new Response(file.body, {
      headers: { ...headers, 'Content-Type': file.contentType, 'Cache-Control': file.cacheControl },
    })
  })
}

/** Whether an address is one of the page's own. */
export function isPageUrl(url: string): boolean {
  return URL.canParse(url) && url.startsWith(pageUrl)
}
