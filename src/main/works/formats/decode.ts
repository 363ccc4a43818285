/**
 * Bytes of a reference file to text with `\n` at the ends of lines. It guesses only what files do not
 * say: a mark at the beginning wins, then UTF-8 if the bytes are that, then Windows-1252. What is no
 * text at all is refused by the name of what it is.
 */

export type Decoded =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'no-text'; readonly because: string }

export function decodeText(bytes: Uint8Array): Decoded {
  const magic = nameOfBinary(bytes)
  if (magic !== null) return { kind: 'no-text', because: `It is ${magic}, not a text.` }
  const text = decode(bytes).replace(/\r\n?/g, '\n')
  if (text.trim() === '') return { kind: 'no-text', because: 'It is empty.' }
  const sample = text.slice(0, 20_000)
  const strange = countStrange(sample)
  if (strange > 8 && strange > sample.length / 50)
    return {
      kind: 'no-text',
      because: `It is not a text: ${strange} of its first ${sample.length} characters are none.`
    }
  return { kind: 'text', text }
}

/** Characters no text has: controls but tab, line end, form feed and escape; marks of damage. */
function countStrange(text: string): number {
  let strange = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0xfffd || (code < 0x20 && (code < 9 || code > 13) && code !== 0x1b)) strange++
  }
  return strange
}

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['%PDF-', 'a PDF'],
  ['PK\u0003\u0004', 'a ZIP archive (or an Office document)'],
  ['\u001f\u008b', 'a gzip archive'],
  ['SQLite format 3', 'a SQLite database'],
  ['\u0089PNG', 'an image'],
  ['\u00ff\u00d8\u00ff', 'an image'],
  ['GIF8', 'an image'],
  ['\u00d0\u00cf\u0011\u00e0', 'an Office document'],
  ['7z\u00bc\u00af', 'a 7z archive'],
  ['{\\rtf', 'an RTF document']
]

function nameOfBinary(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 16))
  return SIGNATURES.find(([signature]) => head.startsWith(signature))?.[1] ?? null
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return asUtf8(bytes.subarray(3))
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return asUtf8(bytes)
}

/** One damaged byte does not make a UTF-8 file a Windows-1252 one. */
function asUtf8(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const damaged = text.match(/\ufffd/g)?.length ?? 0
  if (damaged === 0) return text
  const good = text.match(/[\u0080-\ufffc]/g)?.length ?? 0
  return good > damaged * 4 ? text : new TextDecoder('windows-1252').decode(bytes)
}
