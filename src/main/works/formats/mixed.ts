/**
 * A pasted text of several parts: BibTeX and RIS entries, records of PubMed and EndNote, and lines of text
 * between them. Every part is read by its own reader, with its line numbers in the whole text; all other
 * lines are read as text, since the user pasted them too.
 */
import type { ReferenceFormat } from '../format-of'
import { readBibtexAmongText } from './bibtex'
import type { FormatReading } from './entry'
import { readNbibReferences } from './nbib'
import { isNoise, readRisReferences } from './ris'
import { readTaggedReferences } from './tagged'
import { readTextReferences } from './text'

interface Part {
  readonly format: ReferenceFormat
  readonly begins: RegExp
  readonly ends: RegExp
  readonly read: (text: string) => FormatReading
}

const RIS: Part = {
  format: 'ris',
  begins: /^\s{0,3}TY {1,2}- /,
  ends: /^\s{0,3}ER {1,2}-/,
  read: readRisReferences
}
const PARTS: readonly Part[] = [
  RIS,
  { format: 'nbib', begins: /^PMID *- *\d/, ends: /^\s*$/, read: readNbibReferences },
  {
    format: 'endnote',
    begins: /^%0 \S/,
    ends: /^\s*$/,
    read: (text) => readTaggedReferences(text, 'endnote')
  },
  {
    format: 'wos',
    begins: /^PT [JBSPC]\s*$/,
    ends: /^ER\s*$/,
    read: (text) => readTaggedReferences(text, 'wos')
  },
  {
    format: 'refworks',
    begins: /^RT \S/,
    ends: /^(?:ER\b.*|\s*)$/,
    read: (text) => readTaggedReferences(text, 'refworks')
  }
]

export interface MixedOptions {
  /** the text was a page: a line without an identifier is not an entry */
  readonly isPage?: boolean
}

export function readMixed(
  text: string,
  name: string,
  { isPage = false }: MixedOptions = {}
): FormatReading & { readonly format: ReferenceFormat } {
  const { rest, parts } = partsOf(text)
  const readings: { readonly format: ReferenceFormat; readonly reading: FormatReading }[] = []
  for (const [part, lines] of parts) readings.push({ format: part.format, reading: part.read(lines) })
  if (/^[ \t]*@[ \t]*[a-z]+[ \t]*[{(]/im.test(rest))
    readings.push({ format: 'bibtex', reading: readBibtexAmongText(rest, { isPage }) })
  else if (rest.trim() !== '') {
    const reading = readTextReferences(rest, name)
    readings.push({ format: 'text', reading: isPage ? { ...reading, problems: [] } : reading })
  }
  const [first] = readings
  return {
    format: first?.format ?? 'text',
    entries: readings.flatMap(({ reading }) => [...reading.entries]).sort((a, b) => a.line - b.line),
    problems: readings.flatMap(({ reading }) => reading.problems)
  }
}

/** Each part's lines in their positions, with empty lines instead of all others. */
function partsOf(text: string): { readonly rest: string; readonly parts: ReadonlyMap<Part, string> } {
  const found = new Map<Part, string[]>()
  if (!PARTS.some(({ begins }) => new RegExp(begins.source, 'm').test(text)))
    return { rest: text, parts: new Map() }
  const lines = text.split('\n')
  const rest: string[] = new Array<string>(lines.length).fill('')
  let open: Part | null = null
  const hasRis = /^\s{0,3}TY {1,2}- /m.test(text)
  lines.forEach((line, at) => {
    if (open === null && hasRis && (isNoise(line) || /^[A-Z][A-Z0-9] {2}- /.test(line))) {
      const own = found.get(RIS) ?? new Array<string>(lines.length).fill('')
      own[at] = line
      found.set(RIS, own)
      return
    }
    open = PARTS.find(({ begins }) => begins.test(line)) ?? open
    if (open === null) {
      rest[at] = line
      return
    }
    const own = found.get(open) ?? new Array<string>(lines.length).fill('')
    own[at] = line
    found.set(open, own)
    if (open.ends.test(line)) open = null
  })
  return { rest: rest.join('\n'), parts: new Map([...found].map(([part, own]) => [part, own.join('\n')])) }
}
