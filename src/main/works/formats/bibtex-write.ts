/**
 * Writes works as a `.bib` file with the same meaning for this reader, LaTeX and other reference managers. A
 * user's own entry keeps its key, its type and all its fields as written, as far as they are valid LaTeX;
 * everything else is escaped in one place (`latex-write.ts`).
 */
import { oneLine } from '../../../contract/exits'
import { redactUrl } from '../../../contract/redact'
import type { WorkFacts } from '../../../contract/work'
import { sha256Hex } from '../../platform/sha256'
import { workType } from '../work-type'
import { jabrefFile } from './bibtex-link'
import { entryTypeOf, typeOfEntry } from './bibtex-types'
import { citationKeyOf } from './citation-key'
import {
  authorsFor,
  BIBTEX_MONTHS,
  commonOf,
  type CommonReference,
  type CommonText,
  venueFor
} from './common-reference'
import type { WriteEntry } from './entry'
import { safeLatex, textToLatex } from './latex-write'
import { latexToText } from './latex'
import { splitName } from './person-names'
import { unpackReference, type Reference } from './reference'

/** A `.bib` file entry by entry. */
export function* bibtexPieces(entries: Iterable<WriteEntry>): Generator<string> {
  const taken = new Set<string>()
  for (const entry of entries) yield `${taken.size === 0 ? '' : '\n'}${writeOne(entry, taken)}`
}

function typeFor(type: string | undefined, genre: string | undefined): string {
  const written = entryTypeOf(workType(type) ?? '')
  return written === 'phdthesis' && /\bmaster|\bm\.?sc\b/i.test(genre ?? '') ? 'mastersthesis' : written
}

type Field = readonly [name: string, value: string | undefined]

function writeOne(entry: WriteEntry, taken: Set<string>): string {
  const reference = unpackReference(entry.reference)
  const common = commonOf(reference)
  const key = uniqueKey(common.key ?? citationKeyOf(entry), entry.workId, taken)
  const own = reference?.form === 'bibtex' && /^[a-z][\w-]*$/.test(reference.type) ? reference : null
  const type = own?.type ?? typeFor(entry.facts.type, common.texts.genre)
  const written = own === null ? fieldsOf(entry.facts, common, type) : ownFields(own)
  const said = new Set(written.map(([name]) => name))
  // Sources may have found facts that the user's entry lacks.
  const found =
    own === null
      ? []
      : factFields(withoutHouse(entry.facts, common), type).filter(
          ([name]) => !ALIKE[name]?.some((one) => said.has(one))
        )
  const lines: string[] = []
  for (const [name, value] of [...written, ...found, ...nameFields(entry, said)]) {
    if (value === undefined || value === '') continue
    lines.push(`  ${name} = ${isMonth(name, value) ? value : `{${oneLine(value)}}`},\n`)
  }
  return `@${type}{${key},\n${lines.join('')}}\n`
}

/** The facts without a venue that the reference already contains as the publisher. */
function withoutHouse(facts: WorkFacts, common: CommonReference): WorkFacts {
  const { venue, ...others } = facts
  return venueFor(facts, common) === venue ? facts : others
}

/** LaTeX identifies an entry by its key alone, and BibTeX treats keys that differ only in case as an error. */
function uniqueKey(wanted: string, workId: string, taken: Set<string>): string {
  const sound = wanted.replace(/[\s"#%'(),={}~\\\p{C}]+/gu, '')
  const hash = sha256Hex(workId)
  const stem = sound === '' ? `work-${hash.slice(0, 4)}` : sound
  let free = stem
  for (let more = 4; taken.has(free.toLowerCase()); more += 4)
    free = more <= hash.length ? `${stem}-${hash.slice(0, more)}` : `${free}-2`
  taken.add(free.toLowerCase())
  return free
}

/** Fields with the same meaning. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  title: ['title'],
  author: ['author', 'editor'],
  year: ['year', 'date'],
  journal: ['journal', 'journaltitle', 'booktitle', 'publisher', 'school', 'institution', 'howpublished'],
  publisher: ['publisher'],
  school: ['school', 'institution', 'publisher'],
  institution: ['institution', 'school', 'publisher'],
  booktitle: ['journal', 'journaltitle', 'booktitle'],
  language: ['language', 'langid'],
  entrysubtype: ['entrysubtype']
}

/** Fields that contain names and addresses; LaTeX in them only protects a character. */
const VERBATIM =
  /^(?:doi|url|eprint|archiveprefix|eprinttype|primaryclass|pmid|pmcid|openalex|bdsk-\S+|citeulike\S*|\S*url\S*|issn|isbn)$/

/**
 * The fields of the user's entry. Inherited values are already included (`bibtex.ts`), so a `crossref`
 * becomes an `xref`: BibTeX would require the other entry, which may not be in this file.
 */
function ownFields({ fields }: Extract<Reference, { form: 'bibtex' }>): Field[] {
  return fields
    .filter(([name]) => name !== 'file' && name !== 'sha256')
    .map(([name, value]): Field => {
      const sound = name.replace(/[^\w:.+/-]+/g, '_')
      if (name === 'month') return [sound, monthMacro(value) ?? safeLatex(value)]
      if (name === 'crossref') return ['xref', safeLatex(value)]
      if (VERBATIM.test(name)) return [sound, urlValue(latexToText(value, { verbatim: true }))]
      return [sound, safeLatex(value)]
    })
}

function monthMacro(value: string): string | undefined {
  const number = Number(value)
  if (number >= 1 && number <= 12) return BIBTEX_MONTHS[number - 1]
  return BIBTEX_MONTHS.find(
    (name) => /^[a-z]{3,9}\.?$/i.test(value.trim()) && value.trim().toLowerCase().startsWith(name)
  )
}

function isMonth(name: string, value: string): boolean {
  return name === 'month' && BIBTEX_MONTHS.some((month) => month === value)
}

/** The type in our own words, where a reader of BibTeX would take the entry's own for another. */
function subtypeOf({ type }: WorkFacts, entryType: string): string | undefined {
  return type === undefined || typeOfEntry(entryType) === type ? undefined : text(type)
}

function factFields(facts: WorkFacts, type: string): Field[] {
  const inBook = type === 'inproceedings' || type === 'incollection'
  const venue = inBook
    ? 'booktitle'
    : type === 'phdthesis' || type === 'mastersthesis'
      ? 'school'
      : type === 'techreport'
        ? 'institution'
        : type === 'book'
          ? 'publisher'
          : 'journal'
  return [
    ['title', text(facts.title)],
    ['author', facts.authors?.map(writeAuthor).join(' and ')],
    ['year', facts.year?.toString()],
    [venue, text(facts.venue)],
    ['language', text(facts.language)],
    ['entrysubtype', subtypeOf(facts, type)]
  ]
}

/**
 * From the common form: first the facts, then the fields that only the reference has.
 * Size: one line for each field of BibTeX, with its alternatives.
 */
function fieldsOf(facts: WorkFacts, common: CommonReference, type: string): Field[] {
  const { texts } = common
  const isThesis = /thesis$/.test(type)
  const inBook = type === 'inproceedings' || type === 'incollection'
  const more = (name: CommonText): string | undefined => text(texts[name])
  const people = authorsFor(facts, common).map(writeAuthor)
  const publisher = texts.publisher ?? (type === 'book' ? facts.venue : undefined)
  const container =
    texts.container ??
    (type === 'book' || isThesis || type === 'techreport' ? undefined : venueFor(facts, common))
  const school =
    texts.school ?? (isThesis || type === 'techreport' ? (texts.publisher ?? facts.venue) : undefined)
  const number = /^\d+$/
  return [
    ['title', text(facts.title ?? texts.title)],
    ['author', [...people, ...(common.hasOthers ? ['others'] : [])].join(' and ')],
    ['editor', common.editors.map(writeAuthor).join(' and ')],
    ['year', facts.year?.toString()],
    ['month', common.month === undefined ? undefined : BIBTEX_MONTHS[common.month - 1]],
    ['day', common.day?.toString()],
    [inBook ? 'booktitle' : 'journal', text(container)],
    ['volume', more('volume')],
    ['number', more('issue')],
    ['pages', text(texts.pages)?.replace(/^(\w+)\s*-(?:\{\}-)?\s*(\w+)$/, '$1--$2')],
    ['chapter', more('chapter')],
    ['edition', more('edition')],
    ['series', more('series')],
    [isThesis ? 'school' : 'institution', text(school)],
    ['publisher', isThesis || type === 'techreport' ? undefined : text(publisher)],
    ['address', more('place')],
    ['isbn', text(common.isbn.join(', '))],
    ['issn', text(common.issn.join(', '))],
    ['abstract', more('abstract')],
    ['keywords', text(common.keywords.join('; '))],
    ['note', text(common.notes.join('; '))],
    ['type', more('genre')],
    ['language', text(facts.language ?? texts.language)],
    ['entrysubtype', subtypeOf(facts, type)],
    ...common.extra.map(([name, value]): Field => [
      number.test(name) ? `x-${name}` : extraName(name),
      text(value)
    ])
  ]
}

function extraName(name: string): string {
  const sound = name.toLowerCase().replace(/[^a-z0-9_-]+/g, '-')
  return /^[A-Z][A-Z0-9]$/.test(name) ? `ris-${sound}` : sound
}

function nameFields({ ids, file, sha256 }: WriteEntry, said: ReadonlySet<string>): Field[] {
  const fields: Field[] = [
    ['doi', doiValue(ids.doi)],
    ['eprint', ids.arxiv],
    ['archiveprefix', ids.arxiv === undefined ? undefined : 'arXiv'],
    ['pmid', ids.pmid],
    ['pmcid', ids.pmcid],
    ['openalex', ids.openalex],
    ['url', urlValue(ids.url)],
    ['file', file === undefined ? undefined : fileValue(file)],
    ['sha256', sha256]
  ]
  return fields.filter(([name]) => !said.has(name) && !(name === 'archiveprefix' && said.has('eprint')))
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : textToLatex(value)
}

function writeAuthor(author: string): string {
  const name = splitName(author)
  const latex = textToLatex(author)
  const isPlain = 'family' in name && !/\sand\s|^and\s|\sand$|^others$/i.test(author)
  return isPlain && author.split(',').length <= 3 ? latex : `{${latex}}`
}

/** Verbatim, as BibLaTeX requires; characters that break BibTeX itself are percent-encoded. */
function doiValue(doi: string | undefined): string | undefined {
  return doi === undefined || !/[{}\\]/.test(doi) ? doi : doi.replace(/[{}\\%]/g, encodeURIComponent)
}

/** The same for an address, whose percent signs stay unchanged. */
function urlValue(url: string | undefined): string | undefined {
  return url === undefined ? undefined : redactUrl(url).replace(/[{}\\]/g, encodeURIComponent)
}

/** JabRef's form, which Zotero also reads: `:path:type` with `\`, `:` and `;` escaped. */
function fileValue(path: string): string | undefined {
  if (/[{}]/.test(path)) return undefined
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toUpperCase() ?? ''
  return jabrefFile(path, extension)
}
