/**
 * Supplies pdf.js with bytes: ranges of an address of the page's own origin, fetched on demand, so that a
 * book of 300 MB opens at once. pdf.js's own fetching supports only web addresses. A missing or shortened
 * file is distinguished from a damaged one.
 */
import type * as Pdf from 'pdfjs-dist'
import type { PDFDataRangeTransport } from 'pdfjs-dist'

/** The first request: most papers are smaller and are read in one request. */
const FIRST_BYTES = 512 * 1024

export class BytesError extends Error {
  readonly status: number
  constructor(status: number) {
    super(`The bytes could not be read (${String(status)}).`)
    this.name = 'BytesError'
    this.status = status
  }
}

export type Bytes = { readonly data: Uint8Array } | { readonly range: PDFDataRangeTransport }

/** `onfailure` is called for ranges that fail later, which pdf.js has no way to report. */
export async function readBytes(
  js: typeof Pdf,
  readAt: string,
  signal: AbortSignal,
  onfailure: (error: unknown) => void
): Promise<Bytes> {
  const first = await fetchRange(readAt, 0, FIRST_BYTES, signal)
  if (first.total === first.bytes.byteLength) return { data: first.bytes }

  class Ranges extends js.PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number): void {
      fetchRange(readAt, begin, end, signal).then(({ bytes }) => {
        this.onDataRange(begin, bytes)
      }, onfailure)
    }
  }
  return { range: new Ranges(first.total, first.bytes) }
}

interface Part {
  readonly bytes: Uint8Array
  /** of the whole file */
  readonly total: number
}

async function fetchRange(readAt: string, begin: number, end: number, signal: AbortSignal): Promise<Part> {
  const answer = await fetch(new URL(readAt, document.baseURI), {
    headers: { Range: `bytes=${String(begin)}-${String(end - 1)}` },
    signal
  })
  // An empty file has no satisfiable range.
  if (answer.status === 416) return { bytes: new Uint8Array(), total: 0 }
  if (!answer.ok) throw new BytesError(answer.status)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (answer.status === 206) {
    const total = totalOf(answer.headers.get('Content-Range'))
    if (total === null) throw new BytesError(answer.status)
    return { bytes, total }
  }
  // The answer is the whole file, whatever range was requested.
  return begin === 0
    ? { bytes, total: bytes.byteLength }
    : { bytes: bytes.slice(begin, end), total: bytes.byteLength }
}

/** `bytes 0-511/2048` → 2048. Source: RFC 9110 §14.4. */
export function totalOf(contentRange: string | null): number | null {
  const found = /^bytes \d+-\d+\/(\d+)$/.exec(contentRange ?? '')
  return found?.[1] === undefined ? null : Number(found[1])
}
