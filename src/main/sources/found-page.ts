/** A page about a work as a source found it: whether a file is behind the address, and the text of a page of text. */
import type { NetAnswer } from '../net/net'
import { decodeText } from '../net/text'
import type { PageFinding } from './landing/page'

/** A page as it was found; kept for the job, so that two sources need only one visit. */
export interface Page {
  readonly askedUrl: string
  readonly finalUrl: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly kind: 'pdf' | 'text' | 'other'
  /** empty when the page is a file */
  readonly text: string
  /** what a page of text says, when it was read already */
  readonly finding?: PageFinding
}
export type PageCache = Map<string, Page>

const PAGE_BYTES = 6_000_000

/** A file is noticed by its first bytes and not read. */
export async function readPage(askedUrl: string, answer: NetAnswer): Promise<{ page: Page; bytes: number }> {
  const { finalUrl, status, headers } = answer
  const type = headers['content-type']
  const facts = { askedUrl, finalUrl, status, headers }
  // Whatever the header says, the first bytes decide: a sign-in page may be called a PDF.
  const body = await headOf(answer, PAGE_BYTES)
  if (body.isPdf && status >= 200 && status < 300)
    return { page: { ...facts, kind: 'pdf', text: '' }, bytes: body.bytes.length }
  const isText = !body.isPdf && (type === undefined || /text|html|xml|json|pdf|octet/i.test(type))
  return {
    page: { ...facts, kind: isText ? 'text' : 'other', text: isText ? decodeText(body.bytes, type) : '' },
    bytes: body.bytes.length
  }
}

/** Does a body begin as a PDF does (docs/design.md §10: within its first 1024 bytes)? */
function beginsAsPdf(head: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(head.subarray(0, 1_024)).includes('%PDF-')
}

async function headOf(answer: NetAnswer, most: number): Promise<{ bytes: Uint8Array; isPdf: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  let isPdf = false
  for await (const chunk of answer.body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= 5 && size - chunk.length < 1_024)
      isPdf = beginsAsPdf(Buffer.concat(chunks, Math.min(size, 1_024)))
    if (isPdf || size >= most) break
  }
  return { bytes: Buffer.concat(chunks, Math.min(size, most)), isPdf }
}
