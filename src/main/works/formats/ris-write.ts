/**
 * Writes works as a `.ris` file. A user's own record keeps its tags; fields without a RIS tag go into notes.
 */
import { oneLine as forLine } from '../../../contract/exits'
import { redactUrl } from '../../../contract/redact'
import { workType } from '../work-type'
import { citationKeyOf } from './citation-key'
import { authorsFor, commonOf, pageSpan, venueFor } from './common-reference'
import { oneLine, type WriteEntry } from './entry'
import { unpackReference } from './reference'
import { readType, WRITTEN_TYPES } from './ris'

/** A `.ris` file record by record, with the line ends that the specification requires. */
export function* risPieces(entries: Iterable<WriteEntry>): Generator<string> {
  for (const entry of entries) yield writeOne(entry)
}

type Line = readonly [tag: string, value: string | undefined]

function writeOne(entry: WriteEntry): string {
  const reference = unpackReference(entry.reference)
  const own =
    reference?.form === 'ris' && reference.fields.some(([tag]) => tag === 'TY') ? reference.fields : null
  const lines = own === null ? linesOf(entry) : [...ownLines(own, entry), ...nameLines(entry)]
  const written = lines
    .map(([tag, value]): Line => [tag, ADDRESS_TAG.test(tag) ? value && redactUrl(value) : value])
    .map(([tag, value]): readonly [string, string] => [tag, forLine(oneLine(value))])
    .filter(([, value]) => value !== '')
    .map(([tag, value]) => `${tag}  - ${value}\r\n`)
  return `${written.join('')}ER  - \r\n\r\n`
}

/** RIS requires `Family, Given, Suffix`; BibTeX and the common form use `Family, Suffix, Given`. */
function suffixLast(author: string): string {
  const [family, suffix, given, ...others] = author.split(/,\s*/)
  return family === undefined || suffix === undefined || given === undefined || others.length > 0
    ? author
    : `${family}, ${given}, ${suffix}`
}

/** Internal notes of reference managers are not notes of the user. */
const OF_A_PROGRAM =
  /^(?:timestamp|creationdate|modificationdate|owner|groups|date-(?:added|modified)|bib(?:url|source)|(?:bdsk|citeulike|mendeley|rating|read|__)[-\w]*|crossref|xref|xdata|urldate|options|keywords?|posted-at|priority|ranking|cross-?mark|langid)$/

const ADDRESS_TAG = /^(?:UR|LK|L2|L3|L4)$/

/** Identifiers and files come from the work, which may have more of them by now than the reference. */
const OWN_NAMES = /^(?:ER|DO|DI|L1)$/

function ownLines(fields: readonly (readonly [string, string])[], entry: WriteEntry): Line[] {
  const type = fields.find(([tag]) => tag === 'TY')?.[1] ?? 'GEN'
  const has = (...tags: string[]): boolean =>
    fields.some(([tag, value]) => tags.includes(tag) && value !== '')
  const { facts, ids } = entry
  const known = new Set([
    `PMID: ${ids.pmid ?? ''}`,
    ids.pmcid,
    ids.url,
    `https://arxiv.org/abs/${ids.arxiv ?? ''}`,
    `https://openalex.org/${ids.openalex ?? ''}`
  ])
  const kept = fields.filter(
    ([tag, value]) =>
      tag !== 'TY' &&
      !OWN_NAMES.test(tag) &&
      /^[A-Z][A-Z0-9]$/.test(tag) &&
      !known.has(value) &&
      !(tag === 'N1' && value.startsWith('SHA-256: '))
  )
  return [
    ['TY', type],
    ...(has('ID') ? [] : [['ID', citationKeyOf(entry)] as const]),
    ...(has('TI', 'T1') ? [] : [['TI', facts.title] as const]),
    ...(has('AU', 'A1') ? [] : (facts.authors ?? []).map((author) => ['AU', author] as const)),
    ...(has('PY', 'Y1', 'DA') ? [] : [['PY', facts.year?.toString()] as const]),
    ...(has('T2', 'JO', 'JF', 'BT', 'PB') ? [] : [['T2', facts.venue] as const]),
    ...kept
  ]
}

function linesOf(entry: WriteEntry): Line[] {
  const { facts } = entry
  const common = commonOf(unpackReference(entry.reference))
  const { texts } = common
  const type = workType(facts.type)
  const [from, to] = pageSpan(texts.pages ?? '') ?? []
  const authors = authorsFor(facts, common).map(suffixLast)
  const day = common.day === undefined ? '' : String(common.day).padStart(2, '0')
  const date =
    facts.year !== undefined && common.month !== undefined
      ? `${facts.year}/${String(common.month).padStart(2, '0')}/${day}/`
      : undefined
  return [
    ['TY', WRITTEN_TYPES[type ?? ''] ?? 'GEN'],
    ['ID', common.key ?? citationKeyOf(entry)],
    ['M3', type !== undefined && readType(WRITTEN_TYPES[type] ?? 'GEN', '') !== type ? type : texts.genre],
    ['TI', facts.title ?? texts.title],
    ...authors.map((author): Line => ['AU', author]),
    ['AU', common.hasOthers ? 'et al.' : undefined],
    ...common.editors.map((editor): Line => ['ED', suffixLast(editor)]),
    ['PY', facts.year?.toString()],
    ['DA', date],
    ['T2', texts.container ?? venueFor(facts, common)],
    ['T3', texts.series],
    ['VL', texts.volume],
    ['IS', texts.issue],
    ['SP', from ?? texts.pages],
    ['EP', to],
    ['SE', texts.chapter],
    ['ET', texts.edition],
    ['PB', texts.school ?? texts.publisher],
    ['CY', texts.place],
    ...[...common.isbn, ...common.issn].map((number): Line => ['SN', number]),
    ['AB', texts.abstract],
    ...common.keywords.map((word): Line => ['KW', word]),
    ...common.notes.map((note): Line => ['N1', note]),
    ...common.extra
      .filter(([name]) => !OF_A_PROGRAM.test(name))
      .map(([name, value]): Line => ['N1', `${name}: ${value}`]),
    ['LA', facts.language ?? texts.language],
    ...nameLines(entry)
  ]
}

function nameLines({ ids, file, sha256 }: WriteEntry): Line[] {
  return [
    ['DO', ids.doi],
    ['AN', ids.pmid === undefined ? undefined : `PMID: ${ids.pmid}`],
    ['C2', ids.pmcid],
    ['UR', ids.arxiv === undefined ? undefined : `https://arxiv.org/abs/${ids.arxiv}`],
    ['UR', ids.openalex === undefined ? undefined : `https://openalex.org/${ids.openalex}`],
    ['UR', ids.url],
    ['L1', file],
    ['N1', sha256 === undefined ? undefined : `SHA-256: ${sha256}`]
  ]
}
