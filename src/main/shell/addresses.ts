/**
 * The page's own addresses. `sheaf://app/…` is the only origin of our pages: the built renderer under its
 * file names, and papers under `/artifact/`, `/quarantine/`, `/thumbnail/`. Invariant: no address leads to a
 * file outside of the built renderer, however it is written. Pure.
 */
import { posix } from 'node:path'

export const SCHEME = 'sheaf'
export const HOST = 'app'
export const HOME = `${SCHEME}://${HOST}/index.html`

/** The target of an address of the page. */
export type Target =
  /** a file of the built renderer, relative to it, with `/` between its parts */
  | { readonly kind: 'page'; readonly file: string; readonly contentType: string }
  /** bytes of the library: main resolves the whole path */
  | { readonly kind: 'bytes'; readonly path: string }
  | { readonly kind: 'nothing' }

const NOTHING: Target = { kind: 'nothing' }
const BYTES = /^\/(artifact|quarantine|thumbnail)\/[^/]+$/

export const SCRIPT = 'text/javascript; charset=utf-8'
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': SCRIPT,
  '.mjs': SCRIPT,
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.pfb': 'application/octet-stream',
  '.bcmap': 'application/octet-stream',
  '.icc': 'application/octet-stream',
  '.wasm': 'application/wasm'
}

export function targetOf(address: string): Target {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== `${SCHEME}:` || url.host !== HOST || url.username !== '' || url.password !== '')
    return NOTHING
  if (BYTES.test(url.pathname)) return { kind: 'bytes', path: url.pathname }
  const path = decoded(url.pathname)
  // Our names contain no backslash, colon or NUL, no parent folder and no hidden name.
  if (path === null || !/^\/[\w@+~ .()/-]*$/.test(path)) return NOTHING
  if (path.split('/').some((part, at) => at > 0 && (part === '' ? path !== '/' : part.startsWith('.'))))
    return NOTHING
  const file = path === '/' ? 'index.html' : path.slice(1)
  const contentType = CONTENT_TYPES[posix.extname(file).toLowerCase()]
  return contentType === undefined ? NOTHING : { kind: 'page', file, contentType }
}

/** Is this the address of one of our pages? `devServer` is the page's server in development. */
export function isOurs(address: string, devServer: string | null): boolean {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null) return false
  if (url.protocol === `${SCHEME}:` && url.host === HOST) return true
  return devServer !== null && URL.canParse(devServer) && url.origin === new URL(devServer).origin
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
