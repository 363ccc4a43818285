/** A page about a work as a source received it: whether the address is a file, and the text of an HTML page. */
import type { NetAnswer } from '../net/net'
import { isSuccessStatus } from '../net/statuses'
import { decodeText } from '../net/text'
import { HEADER_WITHIN, pdfHeaderAt } from '../platform/pdf-header'
import type { PageFinding } from './landing/page'

/** A received page; kept for the job execution, so that two sources need only one request. */
export interface Page {
  readonly askedUrl: string
  readonly finalUrl: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly kind: 'pdf' | 'text' | 'other'
  /** empty when the page is a file */
  readonly text: string
  /** what was extracted from the text, when it was parsed already */
  readonly finding?: PageFinding
}
export type PageCache = Map<string, Page>

const PAGE_BYTES = 6_000_000

/** A file is recognised by its first bytes and not read. */
export async function readPage(askedUrl: string, answer: NetAnswer): Promise<{ page: Page; bytes: number }> {
  const { finalUrl, status, headers } = answer
  const type = headers['content-type']
  const facts = { askedUrl, finalUrl, status, headers }
  // The first bytes decide, not the header: a sign-in page may be declared as a PDF.
  const body = await headOf(answer, PAGE_BYTES)
  if (body.isPdf && isSuccessStatus(status))
    return { page: { ...facts, kind: 'pdf', text: '' }, bytes: body.bytes.length }
  const isText = !body.isPdf && (type === undefined || /text|html|xml|json|pdf|octet/i.test(type))
  return {
    page: { ...facts, kind: isText ? 'text' : 'other', text: isText ? decodeText(body.bytes, type) : '' },
    bytes: body.bytes.length
  }
}

async function headOf(answer: NetAnswer, most: number): Promise<{ bytes: Uint8Array; isPdf: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  let isPdf = false
  for await (const chunk of answer.body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= 5 && size - chunk.length < HEADER_WITHIN)
      isPdf = pdfHeaderAt(Buffer.concat(chunks, Math.min(size, HEADER_WITHIN))) >= 0
    if (isPdf || size >= most) break
  }
  return { bytes: Buffer.concat(chunks, Math.min(size, most)), isPdf }
}
