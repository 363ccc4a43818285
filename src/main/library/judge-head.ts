/**
 * Judges an answer by its first bytes: a web page, an image, an archive or an empty body is refused before
 * the rest is downloaded. `null` means that it may be the requested file. Pure.
 */
import { skipProlog } from '../../contract/scan'
import type { ErrorCode } from '../../contract/errors'
import type { Format } from '../../contract/words'
import { namePage } from './non-paper-pages'
import { pdfHeaderAt } from '../platform/pdf-header'
import { markedUtf16 } from '../platform/utf16'

export interface HeadRefusal {
  readonly reason: ErrorCode
  readonly because: string
}

export interface ExpectedHead {
  readonly format: Format
  readonly contentType: string | null
  readonly url: string
}

const PAGE_BYTES = 65_536

export function judgeHead(head: Uint8Array, expected: ExpectedHead): HeadRefusal | null {
  if (head.length === 0) return { reason: 'EMPTY', because: 'The answer has no content.' }
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  switch (expected.format) {
    case 'pdf':
      return judgePdfHead(bytes, expected)
    case 'xml':
      return judgeXmlHead(bytes, expected)
    case 'html':
      return judgeHtmlHead(bytes, expected)
  }
}

/** The first bytes are a PDF header with no page before it: no further check is needed. */
export function needsNoReading(head: Uint8Array, expected: ExpectedHead): boolean {
  if (head.length === 0) return true
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  return expected.format === 'pdf' && pdfHeaderAt(bytes) === 0
}

function judgePdfHead(bytes: Buffer, expected: ExpectedHead): HeadRefusal | null {
  const header = pdfHeaderAt(bytes)
  if (header === 0) return null
  const text = decode(bytes)
  if (header >= 0 && (!looksLikeHtml(text.slice(0, header)) || isPdfBelow(bytes, header))) return null
  if (looksLikeHtml(text)) return namePage(text.slice(0, PAGE_BYTES), expected.url)
  return { reason: 'NOT_PDF', because: `The answer is ${kindOf(bytes, text)}, not a PDF.` }
}

/** A warning printed by the server's program before a complete PDF: objects follow its header. */
function isPdfBelow(bytes: Buffer, header: number): boolean {
  const after = bytes.subarray(header, header + PAGE_BYTES).toString('latin1')
  return /^%PDF-[12]\.\d[\s]/.test(after) && /[\r\n]\d{1,8} \d{1,5} obj\b/.test(after)
}

function judgeXmlHead(bytes: Buffer, expected: ExpectedHead): HeadRefusal | null {
  const text = decode(bytes)
  if (looksLikeHtml(text)) {
    const page = namePage(text.slice(0, PAGE_BYTES), expected.url)
    const telling =
      page.reason !== 'HTML_PAGE' && page.reason !== 'ABSTRACT_ONLY' && page.reason !== 'HTML_ARTICLE'
    return telling ? page : { reason: 'WRONG_XML', because: 'A web page came, not the XML of an article.' }
  }
  if (/^\s*</.test(text)) return null
  return { reason: 'WRONG_XML', because: `The answer is ${kindOf(bytes, text)}, not XML.` }
}

function judgeHtmlHead(bytes: Buffer, expected: ExpectedHead): HeadRefusal | null {
  const text = decode(bytes)
  if (!looksLikeHtml(text)) {
    return { reason: 'BAD_ANSWER', because: `The answer is ${kindOf(bytes, text)}, not a web page.` }
  }
  const page = namePage(text.slice(0, PAGE_BYTES), expected.url)
  // Whether an article's text follows is only known once the body is complete.
  const blocked = ['LOGIN_PAGE', 'BOT_CHECK', 'COOKIE_WALL', 'SOFT_404'].includes(page.reason)
  return blocked ? page : null
}

/** Hexadecimal signatures, then text by its beginning; the first match names the kind. */
const SIGNATURES: readonly (readonly [what: string, hex: string, also?: string])[] = [
  ['a PNG image', '89504e47'],
  ['a JPEG image', 'ffd8ff'],
  ['a GIF image', '47494638'],
  ['a WebP image', '52494646', 'WEBP'],
  ['a TIFF image', '49492a00'],
  ['a TIFF image', '4d4d002a'],
  ['an EPUB book', '504b0304', 'mimetypeapplication/epub'],
  ['a Word document', '504b0304', 'word/'],
  ['a ZIP archive', '504b'],
  ['a gzip archive', '1f8b'],
  ['a RAR archive', '526172211a'],
  ['an old Office document', 'd0cf11e0'],
  ['a DjVu document', '41542654464f524d'],
  ['PostScript', '25215053'],
  ['PostScript', '0425215053'],
  ['RTF', '7b5c727466'],
  ['a program', '4d5a'],
  ['a program', '7f454c46'],
  ['made of zeros', '0000000000000000']
]
const BEGINNINGS: readonly (readonly [what: string, begins: RegExp])[] = [
  ['an SVG image', /^<svg\b/i],
  ['a TeX file', /^\s*(?:%[^\n]*\n\s*)*\\documentclass/],
  ['JSON', /^\s*[[{]\s*(?:["[{\d\]}]|$)/],
  ['an XML document', /^<\?xml/]
]

function kindOf(bytes: Buffer, text: string): string {
  const start = bytes.subarray(0, 4_096)
  for (const [what, hex, also] of SIGNATURES) {
    const magic = Buffer.from(hex, 'hex')
    if (start.subarray(0, magic.length).equals(magic) && (also === undefined || start.includes(also)))
      return what
  }
  const beginning = text.slice(0, 4_096).trimStart()
  const markup = beginning.slice(skipProlog(beginning))
  for (const [what, begins] of BEGINNINGS) if (begins.test(markup) || begins.test(beginning)) return what
  const shown = text.slice(0, 40).replace(/\s+/g, ' ').trim()
  const readable = shown !== '' && Array.from(shown).every((letter) => letter >= ' ' && letter !== '\ufffd')
  return readable ? `text that begins with “${shown}”` : 'something unknown'
}

const BEGINS_AS_HTML =
  /^<(?:!doctype\s{1,40}html|html|head|body|title|meta|link|script|style|div|table|center|form|iframe|p|h1|span|a|br|noscript)\b/i

function looksLikeHtml(text: string): boolean {
  const start = text.slice(0, 4_096).replace(/^[\s\ufeff]+/, '')
  const first = start.slice(skipProlog(start))
  const begins = start.startsWith('<?') ? /^<(?:!doctype html|html\b)/i : BEGINS_AS_HTML
  if (begins.test(first)) return true
  const at = start.search(/<html[\s>]/i)
  return at >= 0 && at <= 1_500 && !start.slice(0, at).includes('\0')
}

/** UTF-16 has a byte order mark; everything else is decoded as UTF-8, where a wrong letter does no harm. */
export function decode(bytes: Buffer): string {
  return new TextDecoder(markedUtf16(bytes) ?? 'utf-8').decode(bytes)
}
