/**
 * Writes `file` links into a `.bib` as the smallest possible patch: text is inserted, or nothing changes.
 * Order, comments, strings, casing, keys, unknown fields and line ends stay the same, byte for byte. Pure;
 * the text has one character per byte, whatever the file's encoding. Source: JabRef's FileFieldWriter and
 * Better BibTeX's `file` field; either program reads both.
 */
import { readBibtex, type PlacedBibtexEntry } from './bibtex-syntax'

export const LINK_STYLES = ['jabref', 'bbt'] as const
/** `desc:path:TYPE` as JabRef writes it, or the bare path of Better BibTeX. */
export type LinkStyle = (typeof LINK_STYLES)[number]

export interface BibLink {
  /** 1-based line on which the entry begins, as the reference reader counts */
  readonly line: number
  readonly key: string
  /** the path before escaping; already in the characters of `text` */
  readonly path: string
}

export type LinkOutcome = 'linked' | 'existing' | 'refused'
export interface LinkReport {
  readonly text: string
  readonly patches: readonly Patch[]
  /** in the order of the links */
  readonly outcomes: readonly {
    readonly link: BibLink
    readonly outcome: LinkOutcome
    readonly because: string
  }[]
}
export interface Patch {
  /** the offset of the insertion in the original */
  readonly at: number
  readonly added: string
}

export function linkFiles(text: string, links: readonly BibLink[], style: LinkStyle | null): LinkReport {
  const { entries } = readBibtex(plainEnds(text))
  const byPlace = new Map(entries.map((entry) => [`${String(entry.line)} ${entry.key}`, entry]))
  const given = style ?? usualStyle(text, entries)
  const patches: Patch[] = []
  const outcomes = links.map((link) => {
    const entry = byPlace.get(`${String(link.line)} ${link.key}`) ?? onlyOne(entries, link.key)
    const done = entry === null ? REFUSED('its entry was not found again') : linkOne(text, entry, link, given)
    if (done.patch !== null) patches.push(done.patch)
    return { link, outcome: done.outcome, because: done.because }
  })
  patches.sort((a, b) => a.at - b.at)
  let at = 0
  let patched = ''
  for (const patch of patches) {
    patched += text.slice(at, patch.at) + patch.added
    at = patch.at
  }
  return { text: patched + text.slice(at), patches, outcomes }
}

/** The reader accepts one kind of line end; a space in place of the other character keeps every offset. */
const plainEnds = (text: string): string => text.replace(/\r(?=\n)/g, ' ').replaceAll('\r', '\n')

/** 1-based lines of entries that have a non-empty `file` field. */
export function linesWithFile(text: string): ReadonlySet<number> {
  const { entries } = readBibtex(plainEnds(text))
  const named = entries.filter(({ places }) =>
    places.some(
      ({ name, valueFrom, valueTo }) =>
        name.toLowerCase() === 'file' && /[^\s{}"]/.test(text.slice(valueFrom, valueTo))
    )
  )
  return new Set(named.map(({ line }) => line))
}

interface Done {
  readonly outcome: LinkOutcome
  readonly because: string
  readonly patch: Patch | null
}
const REFUSED = (because: string): Done => ({ outcome: 'refused', because, patch: null })

/** By its key, where no other entry has the same. */
function onlyOne(entries: readonly PlacedBibtexEntry[], key: string): PlacedBibtexEntry | null {
  const same = entries.filter((entry) => entry.key === key && key !== '')
  return same.length === 1 ? (same[0] ?? null) : null
}

function linkOne(text: string, entry: PlacedBibtexEntry, link: BibLink, style: LinkStyle): Done {
  if (!isBalanced(link.path)) return REFUSED('the path has braces that do not match')
  const there = entry.places.find(({ name }) => name.toLowerCase() === 'file')
  if (there !== undefined) return extend(text, there, link, style)
  return { outcome: 'linked', because: '', patch: newField(text, entry, encode(link.path, style)) }
}

type Place = PlacedBibtexEntry['places'][number]

/** The user's value stays; the link is appended in the same form. */
function extend(text: string, place: Place, link: BibLink, style: LinkStyle): Done {
  const raw = text.slice(place.valueFrom, place.valueTo)
  const isWhole = (raw.startsWith('{') && raw.endsWith('}')) || (raw.startsWith('"') && raw.endsWith('"'))
  if (!isWhole || raw.length < 2 || !isOnePiece(raw))
    return REFUSED('its file field is put together from abbreviations')
  const value = raw.slice(1, -1)
  if (pathsIn(value).includes(plainPath(link.path))) return { outcome: 'existing', because: '', patch: null }
  const own = value.trim() === '' ? style : styleOf(value)
  const gap = value.trim() === '' || /;\s*$/.test(value) ? '' : ';'
  return {
    outcome: 'linked',
    because: '',
    patch: { at: place.valueTo - 1, added: gap + encode(link.path, own) }
  }
}

/** `{a} # {b}` begins and ends with braces, and is two pieces. */
function isOnePiece(raw: string): boolean {
  let depth = 0
  for (let at = 0; at < raw.length - 1; at += 1) {
    if (raw[at] === '{') depth += 1
    else if (raw[at] === '}') depth -= 1
    const isQuoteInside = raw.startsWith('"') && raw[at] === '"' && at > 0 && depth === 0
    if (isQuoteInside || (raw.startsWith('{') && depth === 0)) return false
  }
  return true
}

/** Semicolons separate links, colons the parts of a link; a backslash escapes both. */
function split(value: string, by: ';' | ':'): string[] {
  const pieces = ['']
  for (let at = 0; at < value.length; at += 1) {
    const sign = value[at] ?? ''
    if (sign === '\\' && at + 1 < value.length) pieces.push((pieces.pop() ?? '') + sign + (value[++at] ?? ''))
    else if (sign === by) pieces.push('')
    else pieces.push((pieces.pop() ?? '') + sign)
  }
  return pieces
}

const unescape = (text: string): string => text.replace(/\\([\\:;{}])/g, '$1')
const plainPath = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\//, '').trim()

/** Every path that a `file` field may contain, whichever program wrote it. */
function pathsIn(value: string): string[] {
  return split(value, ';').flatMap((one) => {
    const parts = split(one, ':').map(unescape)
    return [unescape(one), ...parts, parts.slice(0, 2).join(':'), parts.slice(1, 3).join(':')].map(plainPath)
  })
}

/** `…:path:TYPE` is JabRef's form; a path alone is Better BibTeX's. */
function styleOf(value: string): LinkStyle {
  const first = split(value, ';').find((one) => one.trim() !== '') ?? ''
  return split(first, ':').length >= 3 ? 'jabref' : 'bbt'
}

function usualStyle(text: string, entries: readonly PlacedBibtexEntry[]): LinkStyle {
  const values = entries
    .flatMap(({ places }) => places.filter(({ name }) => name.toLowerCase() === 'file'))
    .map(({ valueFrom, valueTo }) => text.slice(valueFrom, valueTo))
    .filter((raw) => /^[{"]\s*[^\s}"]/.test(raw))
    .map((raw) => raw.slice(1, -1))
  return values.length > 0 && values.every((value) => styleOf(value) === 'bbt') ? 'bbt' : 'jabref'
}

function encode(path: string, style: LinkStyle): string {
  if (style === 'bbt') return path.replace(/[\\{}:;]/g, '\\$&')
  return jabrefFile(path, 'PDF')
}

/** JabRef's form of a link, `:path:type` with `\`, `:` and `;` escaped. */
export function jabrefFile(path: string, type: string): string {
  return `:${path.replace(/[\\:;]/g, '\\$&')}:${type}`
}

function isBalanced(path: string): boolean {
  let depth = 0
  for (const sign of path) {
    if (sign === '{') depth += 1
    else if (sign === '}' && --depth < 0) return false
  }
  return depth === 0
}

/** A separate line after the last field, formatted like the entry's other fields. */
function newField(text: string, entry: PlacedBibtexEntry, value: string): Patch {
  const last = entry.places.at(-1)
  const closer = entry.to - 1
  if (last === undefined) {
    const hasComma = text.slice(entry.from, closer).trimEnd().endsWith(',')
    return { at: closer, added: `${hasComma ? '' : ','} file = {${value}}` }
  }
  const lineFrom = Math.max(text.lastIndexOf('\n', last.from), text.lastIndexOf('\r', last.from)) + 1
  const indent = text.slice(lineFrom, last.from)
  const field = `${nameLike(entry)}${equalsLike(text, entry)}{${value}}`
  const after = /^\s*,/.exec(text.slice(last.valueTo, closer))
  if (!/^[ \t]*$/.test(indent)) {
    // Several fields on one line: the new one is added to that line.
    if (after === null) return { at: last.valueTo, added: `, ${field}` }
    return { at: last.valueTo + after[0].length, added: ` ${field},` }
  }
  const newline = /\r\n|\n|\r/.exec(text.slice(entry.from, closer))?.[0] ?? '\n'
  if (after === null) {
    return { at: last.valueTo, added: `,${newline}${indent}${field}` }
  }
  const comma = last.valueTo + after[0].length
  // A comment after the comma stays on its line.
  const rest = /^[ \t]*%[^\r\n]*/.exec(text.slice(comma, closer))?.[0] ?? ''
  return { at: comma + rest.length, added: `${newline}${indent}${field},` }
}

/** `file`, `FILE` or `File`, following the case of the entry's other field names. */
function nameLike({ places }: PlacedBibtexEntry): string {
  if (places.every(({ name }) => name === name.toUpperCase() && /[A-Z]/.test(name))) return 'FILE'
  if (places.every(({ name }) => /^[A-Z][^A-Z]/.test(name))) return 'File'
  return 'file'
}

/** The spacing around “=”: in one column when all fields have it in one, else like the last field. */
function equalsLike(text: string, { places }: PlacedBibtexEntry): string {
  const last = places.at(-1)
  if (last === undefined) return ' = '
  const gaps = places.map(({ name, from, valueFrom }) => {
    const between = text.slice(from + name.length, valueFrom)
    return { width: from + name.length + between.indexOf('=') - from, between }
  })
  const widths = new Set(gaps.map(({ width }) => width))
  const own = gaps.at(-1)?.between ?? ' = '
  if (!/^[ \t]*=[ \t]*$/.test(own)) return ' = '
  const [width = 0] = widths
  const isColumn =
    places.length > 1 && widths.size === 1 && new Set(places.map(({ name }) => name.length)).size > 1
  if (!isColumn) return own.trimStart() === own ? own : ` ${own.trimStart()}`
  return `${' '.repeat(Math.max(1, width - 'file'.length))}${own.trimStart()}`
}
