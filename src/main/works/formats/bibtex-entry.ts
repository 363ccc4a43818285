/**
 * Parses one entry of a `.bib` file, from after its opening brace: key, field names and values, or the reason
 * why it cannot be read. `bibtex-syntax.ts` finds where entries begin and end.
 */

export interface FieldPlace {
  readonly name: string
  readonly from: number
  readonly valueFrom: number
  readonly valueTo: number
}

interface Fields {
  readonly key: string
  readonly fields: Map<string, string>
  readonly places: readonly FieldPlace[]
}

/** No reference has longer values; an abstract of several pages fits. */
const MOST_VALUE_CHARS = 1_000_000

export interface Body {
  readonly text: string
  at: number
  /** text from here on belongs to other entries */
  readonly fence: number
  readonly closer: string
  readonly strings: Map<string, string>
  /** the end of the last piece of the most recent value */
  valueTo: number
  /** characters that abbreviations may still add to the file as a whole */
  readonly expansion: { left: number }
}
interface Broken {
  readonly kind: 'broken'
  readonly because: string
  readonly at: number
  /** the complete fields of an entry without an end */
  readonly whole?: Fields
}
type ReadEntry =
  | Broken
  | ({
      readonly kind: 'entry'
      readonly end: number
    } & Fields)

export function readEntry(body: Body): ReadEntry {
  const key = readKey(body)
  const fields = new Map<string, string>()
  const places: FieldPlace[] = []
  for (;;) {
    skipBlanks(body)
    const char = body.text[body.at] ?? ''
    if (body.at >= body.fence)
      return { ...broken(body, 'its closing brace is missing'), whole: { key, fields, places } }
    if (char === body.closer) return { kind: 'entry', key, fields, places, end: body.at + 1 }
    if (char === ',') {
      body.at++
      continue
    }
    const from = body.at
    const name = match(body, FIELD_NAME)
    if (name === null) return broken(body, `a field’s name is expected where “${quote(body)}” stands`)
    skipBlanks(body)
    // Scopus writes `funding_text 1={…}`, others `Custom 1 = {…}`.
    const rest = body.text[body.at] === '=' ? '' : (match(body, REST_OF_NAME) ?? '')
    if (body.text[body.at] !== '=') return broken(body, `the field “${name}” has no “=”`)
    body.at++
    skipBlanks(body)
    const valueFrom = body.at
    const value = readValue(body)
    // Cut off at the end of the file; before another entry, that value may have included other fields.
    if (typeof value !== 'string')
      return body.fence === body.text.length ? { ...value, whole: { key, fields, places } } : value
    const written = body.text.slice(valueFrom, body.valueTo).trimEnd()
    places.push({ name, from, valueFrom, valueTo: valueFrom + written.length })
    const field = (rest === '' ? name : `${name} ${rest}`.trim()).toLowerCase()
    if (!fields.has(field)) fields.set(field, value)
  }
}

export function readStringDefinition(body: Body): ReadEntry {
  const read = readEntry(body)
  if (read.kind === 'entry') for (const [name, value] of read.fields) body.strings.set(name, value)
  return read
}

/** Up to the `=` on the same line. */
const REST_OF_NAME = /[^\s={}(),"#%\\@][^={}(),"#%\\@\n]{0,60}(?==)/y
const FIELD_NAME = /[^\s={}(),"#%\\@]+/y
const KEY = /[^,={}\n]*(?=[,}\n])/y
const KEY_IN_PARENTHESES = /[^,={}()\n]*(?=[,)\n])/y

/** The text before the first comma, unless it is a field already (an entry without a key). */
function readKey(body: Body): string {
  skipBlanks(body)
  const pattern = body.closer === ')' ? KEY_IN_PARENTHESES : KEY
  pattern.lastIndex = body.at
  const found = pattern.exec(body.text)
  if (found === null) return ''
  if (/^\s*=/.test(body.text.slice(pattern.lastIndex, pattern.lastIndex + 40))) return ''
  body.at = pattern.lastIndex
  return found[0].trim()
}

/** Pieces joined by `#`: braces, quotes, numbers, names of strings. */
function readValue(body: Body): string | Broken {
  let value = ''
  for (;;) {
    skipBlanks(body)
    const char = body.text[body.at] ?? ''
    const startsAt = body.at
    const piece = char === '{' ? readBraced(body) : char === '"' ? readQuoted(body) : readPlain(body)
    if (typeof piece !== 'string') return piece
    value += piece
    body.valueTo = body.at
    body.expansion.left -= Math.max(0, piece.length - (body.at - startsAt))
    if (value.length > MOST_VALUE_CHARS || body.expansion.left < 0) {
      return broken(body, 'its abbreviations unfold to more text than any reference has')
    }
    skipBlanks(body)
    if (body.text[body.at] !== '#') return value
    body.at++
  }
}

function readBraced(body: Body): string | Broken {
  const open = body.at
  // Most values contain no braces, and this is many times faster.
  const close = body.text.indexOf('}', open)
  const inner = body.text.indexOf('{', open + 1)
  if (close >= 0 && close < body.fence && (inner < 0 || inner > close)) {
    body.at = close + 1
    return body.text.slice(open + 1, close)
  }
  let depth = 0
  for (let at = open; at < body.fence; at++) {
    const code = body.text.charCodeAt(at)
    if (code === 0x7b) depth++
    else if (code === 0x7d && --depth === 0) {
      body.at = at + 1
      return body.text.slice(open + 1, at)
    }
  }
  return broken(body, 'a brace is opened and never closed', open)
}

/** A quote inside braces does not end the value. */
function readQuoted(body: Body): string | Broken {
  const open = body.at
  let depth = 0
  for (let at = open + 1; at < body.fence; at++) {
    const code = body.text.charCodeAt(at)
    if (code === 0x7b) depth++
    else if (code === 0x7d) {
      if (--depth < 0) return broken(body, 'a brace is closed that was never opened', at)
    } else if (code === 0x22 && depth === 0) {
      body.at = at + 1
      return body.text.slice(open + 1, at)
    }
  }
  return broken(body, 'a quotation mark is opened and never closed', open)
}

const PLAIN = /[^\s,#{}"][^,#{}"\n]*/y

/** A number, a string's name, or a value without its braces (up to the end of the line). */
function readPlain(body: Body): string | Broken {
  const word = match(body, PLAIN)?.trim() ?? ''
  if (word === '') return broken(body, 'a value is missing')
  const trimmed =
    body.closer === ')' && word.endsWith(')') && !word.includes('(') ? word.slice(0, -1).trim() : word
  if (trimmed !== word) body.at = body.text.lastIndexOf(')', body.at)
  return body.strings.get(trimmed.toLowerCase()) ?? trimmed
}

function skipBlanks(body: Body): void {
  const { text } = body
  for (;;) {
    const code = text.charCodeAt(body.at)
    if (code === 0x20 || code === 0x0a || code === 0x09 || code === 0xa0 || code === 0x0c) body.at++
    else if (code === 0x25) {
      const end = text.indexOf('\n', body.at)
      body.at = end < 0 ? text.length : end
    } else return
  }
}

function match(body: Body, pattern: RegExp): string | null {
  pattern.lastIndex = body.at
  const found = pattern.exec(body.text)?.[0] ?? null
  if (found !== null) body.at += found.length
  return found
}

function broken(body: Body, because: string, at = Math.min(body.at, body.fence - 1)): Broken {
  return { kind: 'broken', because, at }
}

function quote(body: Body): string {
  return body.text.slice(body.at, Math.min(body.at + 20, body.fence)).split('\n', 1)[0] ?? ''
}
