/**
 * A list of references in HTML: a saved page, or a list copied from a word processor. Markup is converted to
 * text (addresses of links stay, blocks become lines), and the text is read like any other: with entries of
 * BibTeX or RIS in it, the table that Web of Science saves, and the hidden references that pages embed for
 * reference managers. Scripts, styles and navigation are left out. Source of the hidden references: OpenURL
 * ContextObject in SPAN (COinS), Z39.88-2004.
 */
import { Parser } from 'htmlparser2'
import { QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { readMixed } from './mixed'
import { entryOfTags, type Tags } from './ris'
import { readTaggedReferences } from './tagged'

const BLOCKS = new Set(
  'p li div tr br h1 h2 h3 h4 h5 h6 dt dd td th ul ol table section article blockquote pre body'.split(' ')
)
const LEFT_OUT = new Set(
  'script style head nav header footer form button select noscript template svg'.split(' ')
)

export function readHtmlReferences(html: string): FormatReading {
  const { lines, lineOf, hidden } = linesOfHtml(html)
  // A line of a page without an identifier is part of the page, not an entry.
  const { entries, problems } = isWosTable(lines)
    ? readTaggedReferences(wosOfTable(lines), 'wos')
    : readMixed(lines.join('\n'), '', { isPage: true })
  const placed = Array.from(entries, (entry) => ({ ...entry, line: lineOf[entry.line - 1] ?? 1 }))
  return {
    entries: [...hidden, ...placed].sort((a, b) => a.line - b.line),
    problems: problems.map((problem) => ({ ...problem, line: lineOf[problem.line - 1] ?? 1 }))
  }
}

interface PageLines {
  readonly lines: readonly string[]
  readonly lineOf: readonly number[]
  /** works named in elements that display nothing */
  readonly hidden: readonly RawEntry[]
}

function linesOfHtml(html: string): PageLines {
  const lines: string[] = []
  const lineOf: number[] = []
  const hidden: RawEntry[] = []
  let line = 1
  let next = html.indexOf('\n')
  let current = ''
  let isBlank = true
  let begun = 1
  let leftOut = 0
  let preformatted = 0
  const flush = (): void => {
    if (!isBlank || preformatted > 0) {
      lines.push(preformatted > 0 ? current.trimEnd() : current.replace(/\s+/g, ' ').trim())
      lineOf.push(isBlank ? line : begun)
    }
    current = ''
    isBlank = true
  }
  const follow = (offset: number): void => {
    while (next >= 0 && next < offset) {
      line++
      next = html.indexOf('\n', next + 1)
    }
  }
  const add = (text: string, offset: number): void => {
    follow(offset)
    if (isBlank) begun = line
    isBlank &&= text.trim() === ''
    current += text
  }
  const addPreformatted = (text: string, offset: number): void => {
    text.split('\n').forEach((part, at) => {
      if (at > 0) flush()
      add(part, offset)
      if (at > 0) begun = line + at
    })
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (LEFT_OUT.has(name)) leftOut++
        if (BLOCKS.has(name)) flush()
        if (name === 'pre') preformatted++
        const { href, title } = attributes
        if (leftOut === 0 && name === 'a' && href !== undefined && /^(?:https?:|doi:)/i.test(href))
          add(` ${href} `, parser.startIndex)
        if (title !== undefined && /(?:^|\s)Z3988(?:\s|$)/.test(attributes['class'] ?? '')) {
          follow(parser.startIndex)
          const entry = entryOfContextObject(title, line)
          if (entry !== null) hidden.push(entry)
        }
      },
      ontext(text) {
        if (leftOut > 0) return
        if (preformatted > 0) addPreformatted(text, parser.startIndex)
        else add(text, parser.startIndex)
      },
      onclosetag(name) {
        if (LEFT_OUT.has(name)) leftOut = Math.max(0, leftOut - 1)
        if (BLOCKS.has(name)) flush()
        if (name === 'pre') preformatted = Math.max(0, preformatted - 1)
      }
    },
    { decodeEntities: true }
  )
  parser.end(html)
  flush()
  return { lines, lineOf, hidden }
}

/** `ctx_ver=Z39.88-2004&rft_id=info%3Adoi%2F10.…&rft.atitle=…`; null when it names no work. */
function entryOfContextObject(title: string, line: number): RawEntry | null {
  const said = new URLSearchParams(title.slice(0, 8_000))
  const tags: Tags = [['TY', said.get('rft.genre') === 'book' ? 'BOOK' : 'JOUR']]
  const add = (tag: string, value: string | null): void => {
    if (value !== null && value.trim() !== '') tags.push([tag, value.trim()])
  }
  add('TI', said.get('rft.atitle') ?? said.get('rft.title') ?? said.get('rft.btitle'))
  const authors = said.getAll('rft.au')
  const first = [said.get('rft.aulast'), said.get('rft.aufirst')].flatMap((name) => name ?? []).join(', ')
  for (const author of authors.length > 0 ? authors : [first]) add('AU', author)
  add('T2', said.get('rft.jtitle') ?? (said.has('rft.atitle') ? said.get('rft.title') : null))
  add('PY', said.get('rft.date'))
  add('VL', said.get('rft.volume'))
  add('IS', said.get('rft.issue'))
  add('SP', said.get('rft.spage'))
  add('EP', said.get('rft.epage'))
  for (const id of said.getAll('rft_id')) {
    if (/^(?:info:doi\/|doi:|10\.\d{4})/i.test(id)) add('DO', id)
    else if (/^info:pmid\//i.test(id)) add('AN', id.replace(/^info:pmid\//i, 'PMID: '))
    else if (/^https?:/i.test(id)) add('UR', id)
  }
  const names = tags.some(([tag]) => tag === 'DO' || tag === 'AN' || tag === 'UR' || tag === 'TI')
  return names ? entryOfTags({ line, text: title.slice(0, QUOTED_CHARS), tags }) : null
}

/** Web of Science's “HTML”: a row for each field, its tag in a separate cell. */
function isWosTable(lines: readonly string[]): boolean {
  return (
    lines.includes('ER') && lines.some((line, at) => line === 'PT' && /^[JBSPC]$/.test(lines[at + 1] ?? ''))
  )
}

/** Each line keeps its number. */
function wosOfTable(lines: readonly string[]): string {
  return lines
    .map((line, at) => {
      const isTag = /^[A-Z][A-Z0-9]$/.test(line)
      if (isTag) return line === 'ER' || line === 'EF' ? line : `${line} ${lines[at + 1] ?? ''}`
      return /^[A-Z][A-Z0-9]$/.test(lines[at - 1] ?? '') ? '' : `   ${line}`
    })
    .join('\n')
}
