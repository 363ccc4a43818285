/**
 * Decodes a small body to text. The encoding is that of the byte order mark, else of the header, else as
 * declared in the document's first kilobyte, else UTF-8. Invalid bytes become U+FFFD; text is never refused.
 * Source: WHATWG HTML, "determining the character encoding".
 */
import { markedUtf16 } from '../platform/utf16'
import type { NetAnswer } from './net'

const LOOKED_AT_BYTES = 1024

export async function readWhole(answer: NetAnswer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of answer.body) chunks.push(chunk)
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const label = markOf(bytes) ?? fromHeader(contentType) ?? fromDocument(bytes) ?? 'utf-8'
  return new TextDecoder(label).decode(bytes)
}

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  return markedUtf16(bytes)
}

function fromHeader(contentType: string | undefined): string | null {
  return known(/charset\s{0,20}=[\s"']{0,20}([^\s"';,]+)/i.exec(contentType ?? '')?.[1])
}

function fromDocument(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, LOOKED_AT_BYTES)).toString('latin1')
  const named =
    /^\s*<\?xml[^>]*\sencoding\s{0,20}=\s{0,20}["']([^"']+)["']/i.exec(head)?.[1] ??
    /<meta\s[^<>]{0,500}?\bcharset\s{0,20}=[\s"']{0,20}([^\s"'/>;]+)/i.exec(head)?.[1]
  // A page readable up to here is not in UTF-16, whatever it declares.
  return /^utf-?16/i.test(named ?? '') ? 'utf-8' : known(named)
}

function known(label: string | undefined): string | null {
  if (label === undefined) return null
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}
