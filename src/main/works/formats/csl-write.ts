/**
 * Writes works as CSL-JSON that validates against the schema: variables that CSL does not have go into
 * `custom`, which this reader reads again. A user's own item keeps its content. Source:
 * citation-style-language/schema, csl-data.json 1.0.2.
 */
import { forJson } from '../../../contract/exits'
import { redactUrl } from '../../../contract/redact'
import { workType } from '../work-type'
import { citationKeyOf } from './citation-key'
import { authorsFor, commonOf, type CommonReference, venueFor } from './common-reference'
import type { WriteEntry } from './entry'
import { splitName } from './person-names'
import { unpackReference } from './reference'
import { isObject, itemsOf, type UnknownFields } from '../../../contract/unknown-values'

const WRITTEN_TYPES: Readonly<Record<string, string>> = {
  article: 'article-journal',
  letter: 'article-journal',
  editorial: 'article-journal',
  preprint: 'article',
  'proceedings-article': 'paper-conference',
  'book-chapter': 'chapter',
  dissertation: 'thesis'
}
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))
const TYPES = words(
  'article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical personal_communication post post-weblog regulation report review review-book software song speech standard thesis treaty webpage'
)
const TEXTS = words(
  'citation-key language journalAbbreviation shortTitle abstract annote archive archive_collection archive_location archive-place authority call-number citation-label collection-title container-title container-title-short dimensions division DOI event event-title event-place genre ISBN ISSN jurisdiction keyword medium note original-publisher original-publisher-place original-title part-title PMCID PMID publisher publisher-place references reviewed-genre reviewed-title scale section source status title title-short URL version volume-title volume-title-short year-suffix'
)
const NUMBERS = words(
  'chapter-number citation-number collection-number edition first-reference-note-number issue locator number number-of-pages number-of-volumes page page-first part printing supplement volume'
)
const PEOPLE = words(
  'author chair collection-editor compiler composer container-author contributor curator director editor editorial-director executive-producer guest host interviewer illustrator narrator organizer original-author performer producer recipient reviewed-author script-writer series-creator translator'
)
const DATES = words('accessed available-date event-date issued original-date submitted')

type Item = UnknownFields

/** A CSL-JSON file: a list with one item per line, so that versions can be compared. */
export function* cslJsonPieces(entries: Iterable<WriteEntry>): Generator<string> {
  const taken = new Set<string>()
  yield '[\n'
  for (const entry of entries) yield `${taken.size === 0 ? '' : ',\n'}${forJson(itemOf(entry, taken))}`
  yield '\n]\n'
}

/** One work as a CSL item. */
export const cslItemOf = (entry: WriteEntry): Item => itemOf(entry, new Set())

/** Size: one line for each variable of CSL that is not written from the facts alone. */
function itemOf(entry: WriteEntry, taken: Set<string>): Item {
  const { ids, facts } = entry
  const reference = unpackReference(entry.reference)
  const common = commonOf(reference)
  const own: Record<string, unknown> = reference?.form === 'csl' ? sound(reference.item) : {}
  const wanted = common.key ?? citationKeyOf(entry)
  const key = taken.has(wanted) ? citationKeyOf({ workId: entry.workId, facts }) : wanted
  taken.add(key)
  const type = workType(facts.type)
  const written = WRITTEN_TYPES[type ?? ''] ?? type ?? 'document'
  const said = typeof own['type'] === 'string' ? own['type'] : TYPES.has(written) ? written : 'document'
  const isSaidOtherwise = ['preprint', 'letter', 'editorial'].includes(type ?? '') || !TYPES.has(written)
  const ownCustom = own['custom']
  const others = Object.fromEntries(
    Object.entries(own).filter(([name]) => !['id', 'type', 'custom'].includes(name))
  )
  const custom = {
    ...(isObject(ownCustom) ? ownCustom : {}),
    ...Object.fromEntries(reference?.form === 'csl' ? [] : common.extra),
    arxiv: ids.arxiv,
    openalex: ids.openalex,
    file: entry.file,
    sha256: entry.sha256
  }
  const hasCustom = Object.values(custom).some((value) => value !== undefined)
  return {
    id: key,
    type: said,
    ...(common.key === undefined && entry.key === undefined ? {} : { 'citation-key': key }),
    ...fromFacts(entry, common),
    ...(isSaidOtherwise ? { genre: type } : {}),
    ...others,
    DOI: ids.doi ?? others['DOI'],
    PMID: ids.pmid ?? others['PMID'],
    PMCID: ids.pmcid ?? others['PMCID'],
    URL: ids.url ?? (typeof others['URL'] === 'string' ? redactUrl(others['URL']) : undefined),
    ...(hasCustom ? { custom } : {})
  }
}

function fromFacts({ facts }: WriteEntry, common: CommonReference): Item {
  const { texts } = common
  const authors = authorsFor(facts, common)
  const people = [...authors.map(personOf), ...(common.hasOthers ? [{ literal: 'others' }] : [])]
  const date = [facts.year, common.month, common.month === undefined ? undefined : common.day].filter(
    (part) => part !== undefined
  )
  return {
    title: facts.title ?? texts.title,
    author: people.length === 0 ? undefined : people,
    editor: common.editors.length === 0 ? undefined : common.editors.map(personOf),
    issued: facts.year === undefined ? undefined : { 'date-parts': [date] },
    'container-title': texts.container ?? venueFor(facts, common),
    'collection-title': texts.series,
    publisher: texts.school ?? texts.publisher,
    'publisher-place': texts.place,
    volume: texts.volume,
    issue: texts.issue,
    page: texts.pages,
    'chapter-number': texts.chapter,
    edition: texts.edition,
    ISBN: common.isbn.length === 0 ? undefined : common.isbn.join(' '),
    ISSN: common.issn.length === 0 ? undefined : common.issn.join(' '),
    abstract: texts.abstract,
    keyword: common.keywords.length === 0 ? undefined : common.keywords.join(', '),
    note: common.notes.length === 0 ? undefined : common.notes.join('\n'),
    genre: texts.genre,
    language: facts.language ?? texts.language
  }
}

/** `Family, Jr., Given`; a particle in small letters goes before the family name. */
export function personOf(author: string): Item {
  const parts = author.split(/,\s*/)
  const [family = '', suffix = '', given = ''] = parts
  if (parts.length === 3) return { ...familyOf(family), given, suffix }
  const name = splitName(author)
  return 'literal' in name ? name : { ...familyOf(name.family), given: name.given }
}

function familyOf(whole: string): Item {
  const [, particle, family] = /^((?:\p{Ll}[\p{Ll}’'.]*\s+)+)(\p{Lu}.*)$/u.exec(whole.slice(0, 200)) ?? []
  return particle === undefined || family === undefined
    ? { family: whole }
    : { 'non-dropping-particle': particle.trim(), family }
}

/**
 * The item with only the fields of the schema; the rest in `custom`. Size: one branch for each kind of
 * variable in the schema of CSL.
 */
function sound(item: Item): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  const custom: Record<string, unknown> = isObject(item['custom']) ? { ...item['custom'] } : {}
  for (const [name, value] of Object.entries(item)) {
    if (name === 'custom' || name === 'file' || name === 'sha256') continue
    if (name === 'type') {
      if (typeof value === 'string' && TYPES.has(value)) kept[name] = value
    } else if (TEXTS.has(name)) {
      if (typeof value === 'string' || typeof value === 'number') kept[name] = String(value)
    } else if (name === 'id' || NUMBERS.has(name)) {
      if (typeof value === 'string' || typeof value === 'number') kept[name] = value
    } else if (PEOPLE.has(name))
      kept[name] = Array.isArray(value) ? value.filter(isObject).map(soundPerson) : undefined
    else if (DATES.has(name)) kept[name] = soundDate(value)
    else if (name === 'categories' && Array.isArray(value))
      kept[name] = value.filter((one) => typeof one === 'string')
    else custom[name] = value
  }
  return Object.keys(custom).length === 0 ? kept : { ...kept, custom }
}

const NAME_PARTS = words(
  'family given dropping-particle non-dropping-particle suffix comma-suffix static-ordering literal parse-names'
)

function soundPerson(person: Item): Item {
  return Object.fromEntries(
    Object.entries(person).filter(([name, value]) => NAME_PARTS.has(name) && typeof value !== 'object')
  )
}

function soundDate(value: unknown): unknown {
  if (typeof value === 'string') return { raw: value }
  if (!isObject(value)) return undefined
  const parts = itemsOf(value['date-parts'])
  const dates = parts
    .filter((part): part is unknown[] => Array.isArray(part))
    .map((part) => part.filter((one) => typeof one === 'number' || typeof one === 'string').slice(0, 3))
    .filter((part) => part.length > 0)
    .slice(0, 2)
  const others = Object.entries(value).filter(
    ([name, one]) => /^(?:season|circa|literal|raw)$/.test(name) && typeof one !== 'object'
  )
  return { ...(dates.length === 0 ? {} : { 'date-parts': dates }), ...Object.fromEntries(others) }
}
