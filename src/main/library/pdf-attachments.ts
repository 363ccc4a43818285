/**
 * Opens PDFs that encrypt only their attachments: their pages are not encrypted, and every reader shows them
 * without a password. The library that opens PDFs still asks for one. Its copy of the bytes therefore has the
 * entry for the cipher renamed, at the same length; the file itself is not changed. Pure. Source: ISO 32000-1
 * §7.6.1 and tables 20 and 25 (StmF and StrF are Identity where they are absent, EFF names the cipher of
 * embedded files).
 */
const ENTRY = '/Encrypt'
const RENAMED = '/XEncryp'
const DICTIONARY_BYTES = 4_096
const MOST_TRAILERS = 64

/** The bytes with readable pages, or null where pages and strings are encrypted, or nothing is. */
export function withOpenPages(bytes: Uint8Array): Uint8Array | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!file.includes('/EFF')) return null
  const places: number[] = []
  for (
    let at = file.indexOf(ENTRY);
    at >= 0 && places.length < MOST_TRAILERS;
    at = file.indexOf(ENTRY, at + 8)
  ) {
    const after = file.subarray(at + ENTRY.length, at + DICTIONARY_BYTES).toString('latin1')
    if (!/^\s*(?:\d|<<)/.test(after)) continue
    if (!leavesPagesPlain(dictionaryOf(file, after))) return null
    places.push(at)
  }
  if (places.length === 0) return null
  const copy = Buffer.from(file)
  for (const place of places) copy.write(RENAMED, place, 'latin1')
  // The library refuses Node's Buffer.
  return new Uint8Array(copy.buffer, copy.byteOffset, copy.length)
}

/** A value that is written inline, or as an indirect object. */
function dictionaryOf(file: Buffer, after: string): string {
  const reference = /^\s*(\d{1,8})\s+(\d{1,5})\s+R/.exec(after)
  if (reference === null) return after
  const at = file.lastIndexOf(`\n${reference[1] ?? ''} ${reference[2] ?? ''} obj`)
  const text = at < 0 ? '' : file.subarray(at, at + DICTIONARY_BYTES).toString('latin1')
  return text.slice(0, text.indexOf('endobj') + 1)
}

function leavesPagesPlain(dictionary: string): boolean {
  const cipherOf = (name: string): string =>
    new RegExp(`/${name}\\s*/([A-Za-z0-9]{1,40})`).exec(dictionary)?.[1] ?? 'Identity'
  return (
    /\/EFF\s*\//.test(dictionary) &&
    /\/V\s+[45]\b/.test(dictionary) &&
    cipherOf('StmF') === 'Identity' &&
    cipherOf('StrF') === 'Identity'
  )
}
