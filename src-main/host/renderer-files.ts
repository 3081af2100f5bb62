import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export interface RendererFile {
  body: Buffer<ArrayBuffer>
  contentType: string
  cacheControl: string
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/** The renderer's build in memory by URL path. Nothing outside it can be asked for, whatever a path looks like. */
export type RendererFiles = ReadonlyMap<string, RendererFile>

/** @throws Error when there is no build in `folder` or it holds a kind of file that has no content type here */
export async function readRendererFiles(folder: string): Promise<RendererFiles> {
  const files = new Map<string, RendererFile>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith('.map')) continue
    const path = join(entry.parentPath, entry.name)
    const contentType = contentTypes[extname(entry.name)]
    if (!contentType) throw new Error(`the renderer build holds ${path}, whose content type is not known here`)
    const urlPath = `/${relative(folder, path).split(sep).join('/')}`
    // Everything but the page itself carries a hash of its content in its name.
    const cacheControl = urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store'
    files.set(urlPath, { body: await readFile(path), contentType, cacheControl })
  }
  const index = files.get('/index.html')
  if (!index) throw new Error(`there is no built page in ${folder}: run \`npm run build\``)
  files.set('/', index)
  return files
}
