/**
 * BibTeX and BibLaTeX: what the fields of an entry mean, and entries written so that this reader, a
 * LaTeX run and other reference managers read them alike. `file` fields of a read entry are ignored:
 * they speak of another machine. The syntax itself is `bibtex-syntax.ts`.
 */
import { oneLine } from '../../../contract/exits'
import type { Scheme } from '../../../contract/work'
import { workType } from '../work-type'
import { readBibtex, type BibtexEntry } from './bibtex-syntax'
import { citationKeyOf } from './citation-key'
import { factsOf, type FormatReading, type NameField, type RawEntry, type WriteEntry } from './entry'
import { latexToText, textToLatex } from './latex'
import { nameOf, splitName } from './person-names'
import { readTextReferences } from './text'

export function readBibtexReferences(text: string): FormatReading {
  const { entries, problems } = readBibtex(text)
  return { entries: entries.filter(isWork).map(entryOf), problems }
}

/**
 * BibTeX entries among other lines, as people paste them: what stands outside of entries is read as
 * text, for whoever pasted it meant it. `%` begins a comment there too.
 */
export function readBibtexAmongText(text: string): FormatReading {
  const { entries, problems, spans } = readBibtex(text)
  const rest = readTextReferences(without(text, spans).replace(/^[ \t]*%.*$/gm, ''))
  return {
    repeated: rest.repeated ?? 0,
    entries: [...entries.filter(isWork).map(entryOf), ...rest.entries].sort((a, b) => a.line - b.line),
    problems: [...problems, ...rest.problems]
  }
}

/** The text with nothing but its line ends where the spans are, so that lines keep their numbers. */
function without(text: string, spans: readonly { readonly from: number; readonly to: number }[]): string {
  let at = 0
  const kept: string[] = []
  for (const { from, to } of spans) {
    kept.push(text.slice(at, from), text.slice(from, to).replace(/[^\n]+/g, ''))
    at = to
  }
  return kept.join('') + text.slice(at)
}

const isWork = ({ type }: BibtexEntry): boolean => !NOT_WORKS.has(type)

/** Entry types that hold others together and name no work themselves. */
const NOT_WORKS = new Set(['set', 'xdata', 'control'])

function entryOf(entry: BibtexEntry): RawEntry {
  const field = (name: string): string => latexToText(entry.fields.get(name) ?? '')
  const verbatim = (name: string): string => latexToText(entry.fields.get(name) ?? '', { verbatim: true })
  const first = (...names: string[]): string => names.map(field).find((value) => value !== '') ?? ''
  const names: NameField[] = []
  const add = (scheme: NameField['scheme'], value: string): void => {
    if (value !== '') names.push({ scheme, value })
  }
  for (const [name, scheme] of NAME_FIELDS) add(scheme, verbatim(name))
  const eprint = verbatim('eprint')
  const eprintType = (verbatim('eprinttype') || verbatim('archiveprefix')).toLowerCase()
  add(EPRINT_TYPES[eprintType] ?? 'any', eprint)
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
    prose: ['howpublished', 'note', 'annote', 'annotation', 'addendum', 'number'].map(verbatim),
    facts: factsOf({
      title: [field('title'), field('subtitle')].filter((part) => part !== '').join(': '),
      authors: authorsOf(entry.fields.get('author') ?? entry.fields.get('editor') ?? ''),
      year: first('year', 'date'),
      venue,
      type: first('entrysubtype') || (TYPES[entry.type] ?? entry.type),
      language: first('language', 'langid')
    }),
    reference: { form: 'bibtex', type: entry.type, key: entry.key, fields: [...entry.fields] }
  }
}

/** BibDesk numbers its addresses, CiteULike too; others have names of their own. */
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
const EPRINT_TYPES: Readonly<Record<string, Scheme>> = {
  arxiv: 'arxiv',
  pubmed: 'pmid',
  pmid: 'pmid',
  pmc: 'pmcid'
}

const TYPES: Readonly<Record<string, string>> = {
  inproceedings: 'proceedings-article',
  conference: 'proceedings-article',
  incollection: 'book-chapter',
  inbook: 'book-chapter',
  phdthesis: 'dissertation',
  mastersthesis: 'dissertation',
  thesis: 'dissertation',
  techreport: 'report',
  misc: '',
  online: '',
  unpublished: ''
}

/** Names between ` and ` outside of braces; a name wholly in braces is an institution. */
function authorsOf(source: string): string[] {
  return splitAtAnd(source)
    .filter((name) => !/^(?:others)?$/.test(name.trim()))
    .map((name) => {
      const whole = /^\{[^{}]*\}$/.test(name.trim())
      const text = latexToText(name)
      if (whole) return text
      const [family = '', middle = '', ...rest] = text.split(',').map((part) => part.trim())
      // `Family, Jr, Given`
      return rest.length > 0 ? `${family} ${middle}, ${rest.join(' ')}` : nameOf(splitName(text))
    })
}

function splitAtAnd(field: string): string[] {
  const source = field.replace(/\s+/g, ' ')
  if (!source.includes('{')) return source.split(/ and /i)
  const names: string[] = []
  let depth = 0
  let from = 0
  for (const match of source.matchAll(/[{}]| and(?= )/gi)) {
    if (match[0] === '{') depth++
    else if (match[0] === '}') depth--
    else if (depth === 0) {
      names.push(source.slice(from, match.index))
      from = match.index + match[0].length
    }
  }
  return [...names, source.slice(from)]
}

/** A whole `.bib` file. */
export function writeBibtex(entries: readonly WriteEntry[]): string {
  return entries.map(writeOne).join('\n')
}

const WRITTEN_TYPES: Readonly<Record<string, string>> = {
  article: 'article',
  review: 'article',
  letter: 'article',
  editorial: 'article',
  'proceedings-article': 'inproceedings',
  'book-chapter': 'incollection',
  book: 'book',
  dissertation: 'phdthesis',
  report: 'techreport'
}

function writeOne(entry: WriteEntry): string {
  const { ids, facts } = entry
  const type = WRITTEN_TYPES[workType(facts.type) ?? ''] ?? 'misc'
  const inBook = type === 'inproceedings' || type === 'incollection'
  const fields: [string, string | undefined][] = [
    ['title', text(facts.title)],
    ['author', facts.authors?.map(writeAuthor).join(' and ')],
    ['year', facts.year?.toString()],
    [inBook ? 'booktitle' : 'journal', text(facts.venue)],
    ['doi', doiValue(ids.doi)],
    ['eprint', ids.arxiv],
    ['archiveprefix', ids.arxiv === undefined ? undefined : 'arXiv'],
    ['pmid', ids.pmid],
    ['pmcid', ids.pmcid],
    ['openalex', ids.openalex],
    ['url', urlValue(ids.url)],
    ['language', text(facts.language)],
    [
      'entrysubtype',
      facts.type !== undefined && (TYPES[type] ?? type) !== facts.type ? text(facts.type) : undefined
    ],
    ['file', entry.file === undefined ? undefined : fileValue(entry.file)],
    ['sha256', entry.sha256]
  ]
  const lines = fields
    .filter((field): field is [string, string] => field[1] !== undefined && field[1] !== '')
    .map(([name, value]) => `  ${name} = {${oneLine(value)}},\n`)
  return `@${type}{${citationKeyOf(entry)},\n${lines.join('')}}\n`
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : textToLatex(value)
}

function writeAuthor(author: string): string {
  const name = splitName(author)
  const latex = textToLatex(author)
  const plain = 'family' in name && !/\sand\s|^and\s|\sand$|^others$/i.test(author)
  return plain && author.split(',').length < 3 ? latex : `{${latex}}`
}

/** Verbatim, as BibLaTeX wants it; what BibTeX itself would trip over is percent-encoded. */
function doiValue(doi: string | undefined): string | undefined {
  return doi === undefined || !/[{}\\]/.test(doi) ? doi : doi.replace(/[{}\\%]/g, encodeURIComponent)
}

/** The same for an address, whose percent signs mean what they mean. */
function urlValue(url: string | undefined): string | undefined {
  return url?.replace(/[{}\\]/g, encodeURIComponent)
}

/** JabRef's form, which Zotero reads too: `:path:type` with `\`, `:` and `;` escaped. */
function fileValue(path: string): string | undefined {
  if (/[{}]/.test(path)) return undefined
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toUpperCase() ?? ''
  return `:${path.replace(/[\\:;]/g, '\\$&')}:${extension}`
}
