/**
 * Replays the recorded responses of `tests/fixtures/recorded` under their real URLs: status, headers and
 * body, except what belongs to one transfer (encoding, length). Requests match regardless of the order of
 * their query and of the caller's identity (`email`, `mailto`, `tool` are ignored).
 */
import { readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { recordedPath } from '../kit/shared'
import type { Site } from './web'

/** An entry of INDEX.json, limited to the fields used here. */
export interface IndexEntry {
  readonly id: string
  readonly source: string
  readonly kind: string
  readonly file: string
  readonly meta: string
  readonly method: string
  readonly request_url: string | null
  readonly status: number | null
  readonly group?: string | null
  readonly expected: Readonly<Record<string, unknown>>
}

interface Recording {
  readonly id: string
  readonly source: string
  readonly scheme: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly file: string
}

export interface Fixtures {
  readonly folder: string
  readonly index: readonly IndexEntry[]
  body(entry: IndexEntry): Buffer
}

/** All recorded responses in this repository. */
export function readFixtures(): Fixtures {
  const path = recordedPath('INDEX.json')
  const folder = dirname(path)
  const index = JSON.parse(readFileSync(path, 'utf8')) as IndexEntry[]
  return { folder, index, body: (entry) => readFileSync(join(folder, entry.file)) }
}

/** Of two recordings of one URL, the better one: an article before the redirects that led there. */
const LOWER_PRIORITY = ['chain404', 'download-sciencedirect', 'download-springer', '-404']

export function recordedSite(fixtures: Fixtures, wanted: (entry: IndexEntry) => boolean = () => true): Site {
  const recordings = new Map<string, Recording[]>()
  for (const entry of fixtures.index) {
    if (entry.request_url === null || !wanted(entry)) continue
    const found = recording(fixtures, entry)
    const key = keyOf(entry.method, entry.request_url)
    const others = recordings.get(key) ?? []
    const isLowerPriority = LOWER_PRIORITY.some((part) => entry.id.includes(part))
    recordings.set(key, isLowerPriority ? [...others, found] : [found, ...others])
  }
  return (asked) => {
    const method = asked.method === 'HEAD' ? 'GET' : asked.method
    const matching = recordings.get(keyOf(method, asked.url)) ?? []
    const scheme = new URL(asked.url).protocol
    // A page may have been recorded under http and requested by https; a redirect between the two may not.
    const same = matching.find((each) => each.scheme === scheme)
    const chosen = same ?? matching.find((each) => each.status < 300 || each.status >= 400)
    if (chosen === undefined) return null
    return (exchange) =>
      exchange.answer(chosen.status, chosen.headers, readFileSync(join(fixtures.folder, chosen.file)))
  }
}

function recording(fixtures: Fixtures, entry: IndexEntry): Recording {
  const meta = JSON.parse(readFileSync(join(fixtures.folder, entry.meta), 'utf8')) as {
    status?: number | null
    headers?: Record<string, string | string[]> | null
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(meta.headers ?? {})) {
    if (/^(?:content-encoding|transfer-encoding|content-length|connection|keep-alive)$/i.test(name)) continue
    headers[name] = (Array.isArray(value) ? value.join(', ') : value).replace(/[\r\n]+/g, ' ')
  }
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    headers['content-type'] = typeOf(entry)
  }
  return {
    id: entry.id,
    source: entry.source,
    scheme: new URL(entry.request_url ?? '').protocol,
    status: meta.status ?? entry.status ?? 200,
    headers,
    file: entry.file
  }
}

/** Defaults when no header was recorded. An HTML page states its own charset. */
function typeOf(entry: IndexEntry): string {
  if (entry.source === 'arxiv') return 'application/atom+xml; charset=utf-8'
  switch (extname(entry.file)) {
    case '.json':
      return 'application/json'
    case '.xml':
      return 'application/xml'
    case '.html':
      return 'text/html'
    case '.pdf':
      return 'application/pdf'
    default:
      return 'text/plain'
  }
}

const CALLER_PARAMETERS = new Set(['email', 'mailto', 'tool', 'api_key'])

/** Method, host, decoded path and sorted query: the key by which requests match. */
export function keyOf(method: string, address: string): string {
  const url = new URL(address)
  const query = [...url.searchParams]
    .filter(([name]) => !CALLER_PARAMETERS.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')
  return `${method} ${url.host}${decoded(url.pathname).replace(/\/$/, '')}?${query}`
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
