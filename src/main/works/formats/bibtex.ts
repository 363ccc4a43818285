/**
 * BibTeX and BibLaTeX: interprets the fields of an entry (`bibtex-write.ts` writes them). `file` fields of a
 * read entry are ignored: they name files of another machine. The syntax is in `bibtex-syntax.ts`.
 */
import type { Scheme } from '../../../contract/work'
import { readBiblatexBbl } from './biblatex-bbl'
import { withInherited } from './bibtex-inherit'
import {
  eachBibtexEntry,
  readBibtex,
  referenceOf,
  type BibtexEntry,
  type BibtexSpan,
  type PlacedBibtexEntry
} from './bibtex-syntax'
import {
  badLine,
  factsOf,
  LARGE_CHARS,
  type FormatProblem,
  type FormatReading,
  type NameField,
  type RawEntry
} from './entry'
import { typeOfEntry } from './bibtex-types'
import { bibtexNames } from './common-reference'
import { latexToText } from './latex'
import { readTextReferences } from './text'

export function readBibtexReferences(text: string): FormatReading {
  // An entry may inherit from a later one; without inheritance, no entry depends on another.
  if (/\b(?:crossref|xdata)\b/i.test(text)) {
    const { entries, problems, spans } = readBibtex(text, namesAWork)
    return {
      entries: worksOf(withInherited(entries)),
      problems: [...problems, ...fieldsOutside(text, spans)]
    }
  }
  const problems: FormatProblem[] = []
  const spans: BibtexSpan[] = []
  const entries = thenOutside(eachBibtexEntry(text, { problems, spans }, namesAWork), () => {
    problems.push(...fieldsOutside(text, spans))
  })
  // An abbreviation that is defined later must not change an earlier entry when that is read again.
  const isReadAgain = text.length > LARGE_CHARS && !/@[ \t]*string\b/i.test(text)
  return { entries: isReadAgain ? worksReadAgain(entries) : worksOf(entries), problems }
}

function* thenOutside<T>(entries: Iterable<T>, then: () => void): Generator<T> {
  yield* entries
  then()
}

/**
 * Lines that can only be fields, outside of any entry: the line that begins their entry is missing or
 * damaged.
 */
const FIELD_OUTSIDE = /^[ \t]*(?:title|author|doi|journal|booktitle)[ \t]*=[ \t]*["{]/im

function fieldsOutside(text: string, spans: readonly BibtexSpan[]): FormatProblem[] {
  const problems: FormatProblem[] = []
  let line = 1
  let counted = 0
  let from = 0
  for (const span of [...spans, { from: text.length, to: text.length }]) {
    const gap = text.slice(from, span.from)
    const found = gap.length < 10 ? null : FIELD_OUTSIDE.exec(gap)
    // `article{key, …` without its `@` is a common way to comment out an entry.
    if (found !== null && !/^[ \t]*\w{2,20}[ \t]*[{(][^\n=]{0,200}$/m.test(gap.slice(0, found.index))) {
      const at = from + found.index
      line += text.slice(counted, at).split('\n').length - 1
      counted = at
      const because = 'These fields belong to no entry: the line that begins it is missing.'
      problems.push(badLine(line, gap.slice(found.index), because))
    }
    from = span.to
  }
  return problems
}

/** Biber's `.bbl`: its entries have the same meaning as those of the `.bib`. */
export function readBblReferences(text: string): FormatReading {
  return { entries: worksOf(readBiblatexBbl(text)), problems: [] }
}

/**
 * BibTeX entries among other lines, as in pasted text: lines outside of entries are read as text, since the
 * user pasted all of it. `%` begins a comment there too.
 */
export function readBibtexAmongText(text: string, { isPage = false } = {}): FormatReading {
  const { entries, problems, spans } = readBibtex(text, namesAWork)
  const rest = readTextReferences(without(text, spans).replace(/^[ \t]*%.*$/gm, ''))
  return {
    repeated: rest.repeated ?? 0,
    entries: [...worksOf(withInherited(entries)), ...rest.entries].sort((a, b) => a.line - b.line),
    problems: isPage ? problems : [...problems, ...rest.problems]
  }
}

/** The text with everything but line ends removed from the spans, so that lines keep their numbers. */
function without(text: string, spans: readonly { readonly from: number; readonly to: number }[]): string {
  let at = 0
  const kept: string[] = []
  for (const { from, to } of spans) {
    kept.push(text.slice(at, from), text.slice(from, to).replace(/[^\n]+/g, ''))
    at = to
  }
  return kept.join('') + text.slice(at)
}

function* worksOf(entries: Iterable<BibtexEntry>): Generator<RawEntry> {
  for (const entry of entries) if (!NOT_WORKS.has(entry.type)) yield entryOf(entry)
}

/**
 * The same, each with a reference that is read on demand: the references of a large file are as long as the
 * file.
 */
function* worksReadAgain(entries: Iterable<PlacedBibtexEntry>): Generator<RawEntry> {
  for (const entry of entries) {
    if (!NOT_WORKS.has(entry.type)) yield entryOf(entry, entry.readAgain)
  }
}

/** Entry types that group other entries and name no work themselves. */
const NOT_WORKS = new Set(['set', 'xdata', 'control'])

function entryOf(
  entry: BibtexEntry,
  reference: RawEntry['reference'] = referenceOf(entry.type, entry.key, entry.fields)
): RawEntry {
  const field = (name: string): string => latexToText(entry.fields.get(name) ?? '')
  const verbatim = (name: string): string => latexToText(entry.fields.get(name) ?? '', { verbatim: true })
  const first = (...names: string[]): string => {
    for (const name of names) {
      const value = field(name)
      if (value !== '') return value
    }
    return ''
  }
  const names: NameField[] = []
  const add = (scheme: NameField['scheme'], value: string): void => {
    if (value !== '') names.push({ scheme, value })
  }
  for (const [name, scheme] of NAME_FIELDS) add(scheme, verbatim(name))
  const eprint = verbatim('eprint')
  const eprintType = (verbatim('eprinttype') || verbatim('archiveprefix')).toLowerCase()
  const page = EPRINT_PAGES[eprintType]
  if (page !== undefined && /^[\w./-]{3,100}$/.test(eprint)) add('any', page + eprint)
  else add(EPRINT_TYPES[eprintType] ?? 'any', eprint)
  // ADS and Google Scholar: `eid = {arXiv:2101.00001}`.
  for (const place of [verbatim('eid'), verbatim('pages')]) if (/^arxiv:/i.test(place)) add('any', place)
  // DBLP: `journal = {CoRR}, volume = {abs/1706.03762}`; Semantic Scholar: `journal = {ArXiv}`.
  if (/^(?:CoRR|arXiv)$/i.test(field('journal'))) add('any', verbatim('volume').replace(/^abs\//, 'arXiv:'))
  const venue = first('journal', 'journaltitle', 'booktitle', 'publisher', 'school', 'institution')
  return {
    line: entry.line,
    text: entry.text,
    key: entry.key,
    names,
    urls: [...entry.fields.keys()]
      .filter((name) => URL_FIELD.test(name))
      .map(verbatim)
      .filter((url) => url !== ''),
    venueText: venue,
    // Used only when no field names the work.
    get prose() {
      const notes = ['howpublished', 'note', 'annote', 'annotation', 'addendum', 'number'].map(verbatim)
      // ACM and JSTOR use the DOI as the key, and some of their entries contain it nowhere else.
      return DOI_KEY.test(entry.key) ? [entry.key, ...notes] : notes
    },
    facts: factsOf({
      title: [field('title'), field('subtitle')].filter((part) => part !== '').join(': '),
      authors: authorsOf(entry.fields.get('author') ?? entry.fields.get('editor') ?? ''),
      year: first('year', 'date'),
      venue,
      type: first('entrysubtype') || typeOfEntry(entry.type),
      language: first('language', 'langid')
    }),
    reference
  }
}

/** BibDesk and CiteULike number their URL fields; other programs use their own names. */
const URL_FIELD =
  /^(?:url|ee|pdf|link|uri|html|fulltext|eprinturl|adsurl|biburl_pdf|bdsk-url-\d{1,2}|citeulike-linkout-\d{1,2}|url_?\d{1,2}|(?:doi|article|paper|landing)[-_ ]?url)$/

const NAME_FIELDS: readonly (readonly [string, Scheme | 'isbn' | 'any'])[] = [
  ['doi', 'doi'],
  ['digital object identifier', 'doi'],
  ['openalex', 'openalex'],
  ['arxiv', 'arxiv'],
  ['arxivid', 'arxiv'],
  ['pmcid', 'pmcid'],
  ['pmc', 'pmcid'],
  ['pmid', 'pmid'],
  ['pubmed_id', 'pmid'],
  ['pubmed-id', 'pmid'],
  ['pubmedid', 'pmid'],
  ['isbn', 'isbn']
]
const NAMING_FIELDS: ReadonlySet<string> = new Set([...NAME_FIELDS.map(([name]) => name), 'eprint'])

/** Whether it has a field that may identify the work. */
function namesAWork(fields: ReadonlyMap<string, string>): boolean {
  return [...fields.keys()].some((name) => NAMING_FIELDS.has(name) || URL_FIELD.test(name))
}

const DOI_KEY = /^(?:doi:)?10\.\d{4,9}\/\S+$/i
const EPRINT_TYPES: Readonly<Record<string, Scheme>> = {
  arxiv: 'arxiv',
  pubmed: 'pmid',
  pmid: 'pmid',
  pmc: 'pmcid',
  pmcid: 'pmcid'
}

/** Source: the manual of biblatex, §3.14.7 (`eprint`). */
const EPRINT_PAGES: Readonly<Record<string, string>> = {
  jstor: 'https://www.jstor.org/stable/',
  hdl: 'https://hdl.handle.net/'
}

/** `Family, Jr, Given` as a family name with its suffix. */
function authorsOf(source: string): string[] {
  return bibtexNames(
    source,
    ([family = '', suffix = '', ...given]) => `${family} ${suffix}, ${given.join(' ')}`
  )
}
