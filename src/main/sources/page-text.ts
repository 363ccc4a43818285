/**
 * The bytes of a web page as text: byte-order mark, then the server's charset, then the page's own,
 * else UTF-8. Never fails: an unknown charset is read as windows-1252, as browsers do.
 * Source: WHATWG HTML, “determining the character encoding”; Encoding Standard.
 */

export function decodePage(bytes: Uint8Array, contentType: string | undefined): string {
  const mark = byBom(bytes)
  if (mark !== null) return decode(bytes, mark)
  const named = /charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType ?? '')?.[1]
  if (named !== undefined) return decode(bytes, named)
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2_048))
  const inPage =
    /<meta[^>]+charset\s*=\s*["']?\s*([a-z0-9_:.-]+)/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]+encoding\s*=\s*["']([a-z0-9_:.-]+)/i.exec(head)?.[1]
  return decode(bytes, inPage ?? 'utf-8')
}

function byBom(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return null
}

function decode(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Does a body begin as a PDF does (DESIGN §10: within the first 1024 bytes)? */
export function beginsAsPdf(head: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(head.subarray(0, 1_024)).includes('%PDF-')
}
