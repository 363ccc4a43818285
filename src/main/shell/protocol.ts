/**
 * The page's own scheme in Electron: `sheaf://app/…` served from the built renderer, or from the development
 * server while the app is not packaged; the library's bytes come from `ipc`. The page has no other origin and
 * no access to the disk.
 */
import { net, protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../platform/log'
import { SCHEME, SCRIPT, targetOf } from './addresses'
import { DEVELOPMENT_POLICY, GUARDING_HEADERS, PAGE_POLICY, pageHeaders } from './page-policy'

/** Call it before the app is ready: Chromium accepts schemes only then. */
export function nameTheScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
    }
  ])
}

export interface Serving {
  /** the built renderer */
  readonly rendererDir: string
  /** set only while the app is not packaged */
  readonly devServer: string | null
  /** serves bytes of the library; waits until the session is open */
  readonly bytes: (path: string, range: string | null) => Promise<Response>
  /** The page has received one of its scripts. */
  readonly served: () => void
  readonly log: Log
}

export function serveThePage(serving: Serving): void {
  protocol.handle(SCHEME, async (request) => {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
      return await answerFor(request, serving)
    } catch (error) {
      serving.log.warn('The page asked for something that could not be served.', {
        address: request.url,
        error: String(error)
      })
      return refusal(500)
    }
  })
}

async function answerFor(request: Request, serving: Serving): Promise<Response> {
  const target = targetOf(request.url)
  if (target.kind === 'bytes') {
    const answer = await serving.bytes(target.path, request.headers.get('range'))
    for (const [name, value] of Object.entries(GUARDING_HEADERS)) answer.headers.set(name, value)
    // A stored file is never a page: opened as one, it is denied everything.
    answer.headers.set('Content-Security-Policy', "default-src 'none'; sandbox")
    return answer
  }
  if (serving.devServer !== null) return fromDevelopment(request, serving.devServer)
  if (target.kind === 'nothing') return refusal(404)
  try {
    const bytes = await readFile(join(serving.rendererDir, target.file))
    if (target.contentType === SCRIPT) serving.served()
    return new Response(new Uint8Array(bytes), { headers: { ...pageHeaders(target.contentType) } })
  } catch {
    return refusal(404)
  }
}

async function fromDevelopment(request: Request, devServer: string): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const answer = await net.fetch(new URL(pathname + search, devServer).href, { headers: request.headers })
  const headers = new Headers(answer.headers)
  headers.set('Content-Security-Policy', DEVELOPMENT_POLICY)
  return new Response(answer.body, { status: answer.status, headers })
}

function refusal(status: number): Response {
  return new Response(null, {
    status,
    headers: { 'Content-Security-Policy': PAGE_POLICY, ...GUARDING_HEADERS }
  })
}
