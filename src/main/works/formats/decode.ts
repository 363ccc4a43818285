/**
 * Decodes the bytes of a reference file to text with `\n` line ends. It guesses only what the file does not
 * state. Precedence: a byte order mark, valid UTF-8, the file's own declaration, then statistics of the
 * bytes. A file that is not text is refused with the name of its kind.
 */
import { isAscii, isUtf8 } from 'node:buffer'
import { analyse } from 'chardet'
import { markedUtf16 } from '../../platform/utf16'

export type Decoded =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'no-text'; readonly because: string }

export function decodeText(bytes: Uint8Array): Decoded {
  const magic = nameOfBinary(bytes)
  if (magic !== null) return { kind: 'no-text', because: `It is ${magic}, not a text.` }
  const decoded = decode(bytes)
  const text = (
    /[\r\u0085\u2028\u2029]/.test(decoded) ? decoded.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n') : decoded
  )
    .replaceAll('\0', '')
    // DOS end-of-file character; in the middle of joined files.
    .replaceAll('\u001a', '')
    // The byte order mark of a file that was appended to another one.
    .replaceAll('\ufeff', '')
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

/**
 * Counts characters that do not occur in text: controls except tab, line end, form feed and escape;
 * replacement characters.
 */
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
  const wide = markedUtf16(bytes) ?? unmarkedUtf16(bytes)
  return wide === null ? asUtf8(bytes) : new TextDecoder(wide).decode(bytes)
}

/** UTF-16 without its byte order mark: every other byte of Western text is zero. */
function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 2_000)
  if (sample.length < 8) return null
  let even = 0
  let odd = 0
  sample.forEach((byte, at) => {
    if (byte !== 0) return
    if (at % 2 === 0) even++
    else odd++
  })
  const most = sample.length * 0.35
  if (odd > most && even < most / 10) return 'utf-16le'
  return even > most && odd < most / 10 ? 'utf-16be' : null
}

/** One damaged byte does not change the encoding of a UTF-8 file. */
function asUtf8(bytes: Uint8Array): string {
  // The same result as the decoder below for valid input, in a tenth of its time.
  if (isUtf8(bytes))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
      isAscii(bytes) ? 'latin1' : 'utf8'
    )
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const damaged = text.match(/\ufffd/g)?.length ?? 0
  if (damaged === 0) return text
  const good = text.match(/[\u0080-\ufffc]/g)?.length ?? 0
  if (good > damaged * 4) return text
  return decodeAs(bytes, saidEncoding(text.slice(0, 4_000)) ?? likelyEncoding(bytes))
}

/** What Windows-1252 has from 0x80 to 0x9f. Some versions of Node decode it as Latin-1, which has controls there. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

function decodeAs(bytes: Uint8Array, encoding: string): string {
  const text = new TextDecoder(encoding).decode(bytes)
  if (encoding !== 'windows-1252') return text
  return text.replace(/[\u0080-\u009f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] ?? char)
}

/**
 * The encoding that a file declares: JabRef's `% Encoding: Cp1250`, BibDesk's `%% Saved with string encoding
 * …`, Emacs' `-*- coding: latin-2 -*-`, XML's declaration, a page's `charset=`.
 */
function saidEncoding(head: string): string | null {
  const said =
    /^%+\s*Encoding:\s*([\w.-]{2,40})/im.exec(head)?.[1] ??
    /^%+\s*Saved with string encoding ([^\n]{2,80})/im.exec(head)?.[1] ??
    /-\*-.{0,80}?coding:\s*([\w.-]{2,40})/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{2,40})/i.exec(head)?.[1] ??
    /charset\s*=\s*["']?([\w-]{2,40})/i.exec(head)?.[1]
  return said === undefined ? null : labelOf(said)
}

const SPOKEN_NAMES: readonly (readonly [RegExp, string])[] = [
  [/mac ?os ?roman|macroman|x-mac-roman|western \(mac/i, 'macintosh'],
  [/central european \(windows/i, 'windows-1250'],
  [/central european|latin[ -]?2/i, 'iso-8859-2'],
  [/western \(windows/i, 'windows-1252'],
  [/latin[ -]?1|western/i, 'windows-1252'],
  [/latin[ -]?9/i, 'iso-8859-15'],
  [/cyrillic \(windows/i, 'windows-1251'],
  [/^sjis$|shift.?jis/i, 'shift_jis'],
  [/^euc_?jp/i, 'euc-jp'],
  [/^euc_?kr|ms949/i, 'euc-kr'],
  [/^gb|ms936|x-mswin-936/i, 'gb18030'],
  [/^big5/i, 'big5'],
  [/utf-?8/i, 'utf-8']
]

/** The platform's name for it, or null. Java writes `Cp1250` and `ISO8859_1`. */
function labelOf(said: string): string | null {
  const spoken = SPOKEN_NAMES.find(([pattern]) => pattern.test(said))?.[1]
  const label =
    spoken ??
    said
      .toLowerCase()
      .replace(/^(?:cp|win|windows)[-_]?(125\d)$/, 'windows-$1')
      .replace(/^iso_?-?8859[-_](\d{1,2})$/, 'iso-8859-$1')
      .replace(/^koi8_/, 'koi8-')
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}

/** Without a declaration the encoding is guessed from the bytes. Windows-1252 unless another fits better. */
function likelyEncoding(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, 200_000)
  const found = detected(bytes)
  if (found !== null) return found
  const runs = highRunsOf(sample)
  const all = runs.reduce((sum, { length }) => sum + length, 0)
  // Bytes of two-byte scripts come in pairs, usually several in a row.
  if (runs.every(({ length }) => length % 2 === 0) && all / runs.length >= 4 && isValid(sample, 'gb18030'))
    return 'gb18030'
  if (runs.every(({ length, high }) => high === length || length < 3) && all / runs.length > 3.5)
    return 'windows-1251'
  const { inMacLetters, inLetters, inMiddle, central } = lettersIn(sample)
  if (inMacLetters > inLetters && inMacLetters > 0) return 'macintosh'
  return central > 0 && central * 20 >= inMiddle ? 'windows-1250' : 'windows-1252'
}

/** Counts bytes after a letter, by the one-byte encoding in which they are letters. */
function lettersIn(sample: Uint8Array) {
  let inMacLetters = 0
  let inMiddle = 0
  let central = 0
  let inLetters = 0
  for (let at = 1; at + 1 < sample.length; at++) {
    const byte = sample[at] ?? 0
    if (byte < 0x80 || !isLetter(sample[at - 1] ?? 0)) continue
    const isInside = isLetter(sample[at + 1] ?? 0)
    // Letters in MacRoman; quotation marks, dashes, capitals and unassigned codes in Windows-1252.
    const next = sample[at + 1] ?? 0
    const inSmall = next >= 0x61 && next <= 0x7a
    if (inSmall && [0x8a, 0x8e, 0x9f].includes(byte)) inMacLetters++
    if (byte <= 0x9f && ![0x8a, 0x8c, 0x8e, 0x92, 0x96, 0x9a, 0x9c, 0x9e, 0x9f, 0x9d, 0x8d].includes(byte))
      inMacLetters++
    if (byte >= 0xc0) inLetters++
    if (isInside && [0x9d, 0x8d, 0xb3, 0xb9, 0xbf, 0xbe, 0xa3, 0xa5].includes(byte)) central++
    if (isInside) inMiddle++
  }
  return { inMacLetters, inLetters, inMiddle, central }
}

const SEVERAL_BYTES: ReadonlySet<string> = new Set(['Shift_JIS', 'EUC-JP', 'EUC-KR', 'Big5', 'GB18030'])
const OTHER_ALPHABETS: ReadonlySet<string> = new Set(['KOI8-R', 'windows-1251', 'ISO-8859-7', 'windows-1253'])

/**
 * The encodings that chardet detects reliably: East Asian, Cyrillic, Greek, Turkish. It confuses Western and
 * Central European ones in bibliographies, which are mostly English and markup; those are distinguished
 * below.
 */
function detected(bytes: Uint8Array): string | null {
  const first = bytes.findIndex((byte) => byte >= 0x80)
  const sample = bytes.subarray(Math.max(0, first - 200), first + 20_000)
  const [best, next] = analyse(sample)
  if (best === undefined) return null
  if (SEVERAL_BYTES.has(best.name) && best.confidence >= 80 && isValid(sample.subarray(0, -4), best.name))
    return best.name.toLowerCase()
  if (best.name === 'ISO-8859-9' && best.confidence >= 60 && best.confidence > (next?.confidence ?? 0) + 30)
    return 'windows-1254'
  const [letters, second] = analyse(lettersOf(sample))
  return letters !== undefined &&
    OTHER_ALPHABETS.has(letters.name) &&
    letters.confidence >= 50 &&
    letters.confidence > (second?.confidence ?? 0) + 30
    ? letters.name.toLowerCase()
    : null
}

/** Only bytes above ASCII, with a space for each run of others. */
function lettersOf(sample: Uint8Array): Uint8Array {
  const kept: number[] = []
  for (const byte of sample) if (byte >= 0x80 || kept.at(-1) !== 0x20) kept.push(byte >= 0x80 ? byte : 0x20)
  return Uint8Array.from(kept)
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte >= 0x80
}

/** Runs of bytes above ASCII, and how many bytes of each are letters of the Cyrillic code pages. */
function highRunsOf(sample: Uint8Array): { readonly length: number; readonly high: number }[] {
  const runs: { length: number; high: number }[] = []
  let length = 0
  let high = 0
  for (const byte of [...sample, 0]) {
    if (byte >= 0x80) {
      length++
      if (byte >= 0xc0) high++
    } else if (length > 0) {
      runs.push({ length, high })
      length = high = 0
    }
  }
  return runs
}

function isValid(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
