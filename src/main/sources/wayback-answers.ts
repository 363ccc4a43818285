/**
 * Parses the answers of the Wayback Machine: its index (CDX, as text or JSON), its availability answer, and
 * the addresses of its captures. Pure. The raw capture (`id_`) is the original file, without the archive's
 * frame. Source: Wayback CDX Server API; Wayback Availability JSON API.
 */
import { z } from 'zod'
import { isReading, notUnderstood, readJson, type Failure } from './reading'
import { webUrl } from './web-text'

export interface Capture {
  /** `YYYYMMDDhhmmss` */
  readonly timestamp: string
  readonly original: string
  readonly mimetype: string
  /** null for a revisit, whose status is that of the capture it repeats */
  readonly status: number | null
  readonly digest: string
  /** bytes of the stored record; null when unknown */
  readonly bytes: number | null
}

const FIELDS = ['urlkey', 'timestamp', 'original', 'mimetype', 'statuscode', 'digest', 'length'] as const

/** The rows of a CDX answer; the resume key after them is not a row. */
export function parseCdx(text: string): readonly Capture[] | Failure {
  if (/^\s*</.test(text))
    return notUnderstood('The archive answered a web page where its index was expected.')
  const rows = /^\s*\[/.test(text) ? jsonRows(text) : textRows(text)
  if (isReading(rows)) return rows
  return rows.flatMap((row): Capture[] => {
    const { timestamp = '', original = '', mimetype = '', statuscode = '', digest = '', length = '' } = row
    if (!/^\d{14}$/.test(timestamp) || webUrl(original) === null) return []
    return [
      {
        timestamp,
        original,
        mimetype,
        status: /^\d{3}$/.test(statuscode) ? Number(statuscode) : null,
        digest,
        bytes: /^\d+$/.test(length) ? Number(length) : null
      }
    ]
  })
}

type Row = Readonly<Record<string, string>>

function jsonRows(text: string): readonly Row[] | Failure {
  const raw = readJson(
    text,
    z.array(z.array(z.union([z.string(), z.number().transform(String), z.null().transform(() => '')])))
  )
  if (isReading(raw)) return raw
  const [first = [], ...rest] = raw
  const hasNames = first.includes('timestamp')
  const names: readonly string[] = hasNames ? first : FIELDS
  return (hasNames ? rest : raw).map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? '']))
  )
}

function textRows(text: string): readonly Row[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim().split(/\s+/))
    .filter((parts) => parts.length >= 6)
    .map((parts) => Object.fromEntries(FIELDS.map((name, index) => [name, parts[index] ?? ''])))
}

export interface Snapshot {
  readonly timestamp: string
  readonly original: string
}

/** Time and original address of a capture's address, or null when it is not one. */
export function captureIn(url: string): Snapshot | null {
  const found = /^https?:\/\/web\.archive\.org\/web\/(\d{4,14})(?:[a-z]{2}_)?\/(.+)$/i.exec(url)
  const original = webUrl(found?.[2])
  return found?.[1] === undefined || original === null ? null : { timestamp: found[1], original }
}

/** The bytes as they were captured. */
export function rawCapture(timestamp: string, original: string): string {
  return `https://web.archive.org/web/${timestamp}id_/${original}`
}

export function cdxQuery(url: string, mimetype: string): string {
  const query = [
    `url=${encodeURIComponent(url)}`,
    'output=json',
    'filter=statuscode:200',
    `filter=mimetype:${mimetype}`,
    'collapse=digest',
    'limit=60'
  ]
  return `https://web.archive.org/cdx/search/cdx?${query.join('&')}`
}

/** A shorter record contains no paper (docs/design.md §10: at least 1 kB). */
const LEAST_BYTES = 1_024

/**
 * The capture to fetch: the first one from the year of publication or later; when the year is unknown or all
 * are older, the last one.
 */
export function nearestCapture(
  captures: readonly Capture[],
  mimetype: string,
  year: number | undefined
): Capture | null {
  const usable = captures
    .filter((one) => one.mimetype === mimetype && (one.status === null || one.status === 200))
    .filter((one) => one.bytes === null || one.bytes >= LEAST_BYTES || mimetype !== 'application/pdf')
    .sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0))
  if (year === undefined) return usable.at(-1) ?? null
  return usable.find((one) => Number(one.timestamp.slice(0, 4)) >= year) ?? usable.at(-1) ?? null
}
