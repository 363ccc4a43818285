/**
 * The Wayback Machine: its capture index, availability API, raw captures (`id_`) and the framed page that is
 * served without that flag. Source: https://github.com/internetarchive/wayback (CDX server), and recorded
 * responses.
 */
import { html, json, text, type Responder } from './service-answers'
import { sha256 } from './paper-file'
import { lostAddress, type PlacedCopy, type PlacedWork } from './works'

interface Capture {
  readonly original: string
  readonly timestamp: string
  readonly copy: PlacedCopy
}

export function capturesOf(works: readonly PlacedWork[]): readonly Capture[] {
  return works.flatMap((work) =>
    work.copies
      .filter((copy) => copy.via === 'wayback')
      .map((copy) => ({ original: lostAddress(work.key), timestamp: '20200102030405', copy }))
  )
}

const FIELDS = ['urlkey', 'timestamp', 'original', 'mimetype', 'statuscode', 'digest', 'length'] as const

export function captureIndex(url: URL, captures: readonly Capture[]): Responder {
  const wanted = plain(url.searchParams.get('url') ?? '')
  const prefix = url.searchParams.get('matchType') === 'prefix' || wanted.endsWith('*')
  const filters = url.searchParams.getAll('filter')
  const rows = captures
    .filter(({ original }) =>
      prefix ? plain(original).startsWith(wanted.replace(/\*$/, '')) : plain(original) === wanted
    )
    .map(({ original, timestamp, copy }) => ({
      urlkey: new URL(original).hostname.split('.').reverse().join(',') + ')' + new URL(original).pathname,
      timestamp,
      original,
      mimetype: 'application/pdf',
      statuscode: '200',
      digest: sha256(copy.file.bytes).slice(0, 32).toUpperCase(),
      length: String(copy.file.bytes.length)
    }))
    .filter((row) => filters.every((filter) => passes(row, filter)))
  const limit = Number(url.searchParams.get('limit') ?? 1_000)
  const chosen = limit < 0 ? rows.slice(limit) : rows.slice(0, limit)
  const fields = url.searchParams.get('fl')?.split(',') ?? [...FIELDS]
  const table = chosen.map((row) => fields.map((field) => (row as Record<string, string>)[field] ?? '-'))
  if (url.searchParams.get('output') === 'json') return json(table.length === 0 ? [] : [fields, ...table])
  return text(table.map((row) => `${row.join(' ')}\n`).join(''))
}

function passes(row: Record<string, string>, filter: string): boolean {
  const [, not, field = '', pattern = ''] = /^(!?)~?([a-z]+):(.*)$/.exec(filter) ?? []
  return new RegExp(`^(?:${pattern})$`).test(row[field] ?? '') !== (not === '!')
}

/** The archive does not distinguish http from https, nor `www.` from none. */
function plain(address: string): string {
  return address
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/$/, '')
    .toLowerCase()
}

export function available(url: URL, captures: readonly Capture[]): Responder {
  const wanted = url.searchParams.get('url') ?? ''
  const found = captures.find(({ original }) => plain(original) === plain(wanted))
  const closest = found && {
    status: '200',
    available: true,
    url: `http://web.archive.org/web/${found.timestamp}/${found.original}`,
    timestamp: found.timestamp
  }
  return json({ url: wanted, archived_snapshots: closest ? { closest } : {} })
}

/** A capture requested without `id_`: a page of the archive with the document in a frame. */
export function framedCapture(url: URL, captures: readonly Capture[]): Responder | null {
  const [, original] = /^\/web\/\d+\/(.+)$/.exec(url.pathname + url.search) ?? []
  if (original === undefined || !captures.some((capture) => plain(capture.original) === plain(original)))
    return null
  return html(
    `<!doctype html><html><head><title>Wayback Machine</title><script src="/_static/js/bundle-playback.js"></script></head>` +
      `<body><iframe id="playback" src="/web/20200102030405if_/${original}"></iframe></body></html>`
  )
}
