/**
 * A work as an item for Zotero's connector: Zotero's own types and fields. Values without a field in the type
 * go into `extra`, one `Name: value` per line; Zotero moves them to a field once the type has it. Source:
 * zotero-schema (types, fields, CSL maps), connector.js saveItems.
 */
import { z } from 'zod'
import { cslItemOf } from './csl-write'
import type { WriteEntry } from './entry'
import { locatorOf } from '../identifiers'

export type ZoteroItemData = Readonly<Record<string, unknown>> & {
  readonly itemType: string
  readonly title: string
}

const name = z.object({
  family: z.string().optional(),
  given: z.string().optional(),
  suffix: z.string().optional(),
  literal: z.string().optional(),
  'non-dropping-particle': z.string().optional(),
  'dropping-particle': z.string().optional()
})
const text = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined)
const cslSchema = z.looseObject({
  type: z.string(),
  title: text,
  author: z.array(name).optional().catch(undefined),
  editor: z.array(name).optional().catch(undefined),
  issued: z
    .object({ 'date-parts': z.array(z.array(z.union([z.string(), z.number()]))) })
    .optional()
    .catch(undefined),
  genre: text,
  'container-title': text,
  'collection-title': text,
  publisher: text,
  'publisher-place': text,
  volume: text,
  issue: text,
  page: text,
  edition: text,
  ISBN: text,
  ISSN: text,
  abstract: text,
  keyword: text,
  language: text,
  'citation-key': text
})
type Csl = z.infer<typeof cslSchema>
type Field = keyof Csl

interface ItemType {
  readonly itemType: string
  readonly fields: Readonly<Record<string, Field>>
  readonly hasDoi?: true
}

const BOOK: ItemType['fields'] = {
  series: 'collection-title',
  publisher: 'publisher',
  place: 'publisher-place',
  volume: 'volume',
  edition: 'edition',
  ISBN: 'ISBN'
}
const ARTICLE: ItemType['fields'] = {
  publicationTitle: 'container-title',
  volume: 'volume',
  issue: 'issue',
  pages: 'page',
  ISSN: 'ISSN'
}
const JOURNAL: ItemType = { itemType: 'journalArticle', fields: ARTICLE, hasDoi: true }
const PREPRINT: ItemType = { itemType: 'preprint', fields: { repository: 'container-title' }, hasDoi: true }

const TYPES: Readonly<Record<string, ItemType>> = {
  'article-journal': JOURNAL,
  review: JOURNAL,
  'review-book': JOURNAL,
  article: PREPRINT,
  'article-magazine': { itemType: 'magazineArticle', fields: ARTICLE },
  'article-newspaper': { itemType: 'newspaperArticle', fields: ARTICLE },
  book: { itemType: 'book', fields: BOOK },
  chapter: {
    itemType: 'bookSection',
    fields: { ...BOOK, bookTitle: 'container-title', pages: 'page' }
  },
  'paper-conference': {
    itemType: 'conferencePaper',
    fields: { ...BOOK, proceedingsTitle: 'container-title', pages: 'page' },
    hasDoi: true
  },
  thesis: {
    itemType: 'thesis',
    fields: { university: 'publisher', place: 'publisher-place', thesisType: 'genre' }
  },
  report: {
    itemType: 'report',
    fields: {
      institution: 'publisher',
      place: 'publisher-place',
      seriesTitle: 'collection-title',
      pages: 'page'
    }
  },
  dataset: { itemType: 'dataset', fields: { repository: 'container-title' }, hasDoi: true },
  webpage: { itemType: 'webpage', fields: { websiteTitle: 'container-title' } },
  document: { itemType: 'document', fields: { publisher: 'publisher' } }
}
const DOCUMENT: ItemType = { itemType: 'document', fields: { publisher: 'publisher' } }

/** `id` identifies it within one request. */
export function zoteroItemOf(entry: WriteEntry, id: string): ZoteroItemData {
  const csl = cslSchema.parse(cslItemOf({ ...entry, file: '', sha256: '' }))
  const type = typeOf(csl, entry)
  const { ids } = entry
  const extra: string[] = []
  const note = (what: string, value: string | undefined): void => {
    if (value !== undefined) extra.push(`${what}: ${value}`)
  }
  if (type.hasDoi !== true) note('DOI', ids.doi)
  note('PMID', ids.pmid)
  note('PMCID', ids.pmcid)
  if (ids.arxiv !== undefined) note('arXiv', ids.arxiv)
  note('Citation Key', csl['citation-key'])
  const fields = Object.entries(type.fields).flatMap(([theirs, ours]) => {
    const value = csl[ours]
    return typeof value === 'string' && value !== '' ? [[theirs, value] as const] : []
  })
  const arxiv = type === PREPRINT && ids.arxiv !== undefined
  return {
    ...Object.fromEntries(fields),
    ...(arxiv ? { repository: 'arXiv', archiveID: `arXiv:${ids.arxiv ?? ''}` } : {}),
    id,
    itemType: type.itemType,
    title: csl.title ?? entry.workId,
    creators: [...people(csl.author, 'author'), ...people(csl.editor, 'editor')],
    ...(csl.issued === undefined ? {} : { date: dateOf(csl.issued['date-parts'][0] ?? []) }),
    ...(type.hasDoi === true && ids.doi !== undefined ? { DOI: ids.doi } : {}),
    url: ids.url ?? locatorOf(ids),
    ...(csl.abstract === undefined ? {} : { abstractNote: csl.abstract }),
    ...(csl.language === undefined ? {} : { language: csl.language }),
    tags: (csl.keyword ?? '')
      .split(/[,;]/)
      .map((tag) => ({ tag: tag.trim() }))
      .filter(({ tag }) => tag !== ''),
    ...(extra.length === 0 ? {} : { extra: extra.join('\n') }),
    attachments: [],
    notes: []
  }
}

/** The type when no file or service gave one: an article with a DOI, a preprint when only arXiv has it. */
function typeOf(csl: Csl, { ids }: WriteEntry): ItemType {
  const known = csl.type === 'document' ? undefined : TYPES[csl.type]
  if (known !== undefined) return known
  if (ids.doi !== undefined && csl.type === 'document') return JOURNAL
  return ids.arxiv !== undefined ? PREPRINT : DOCUMENT
}

type Creator = Readonly<Record<string, string | number>>

function people(list: Csl['author'], creatorType: string): readonly Creator[] {
  return (list ?? []).flatMap((one): readonly Creator[] => {
    if (one.literal !== undefined)
      return one.literal === 'others' ? [] : [{ creatorType, lastName: one.literal, fieldMode: 1 }]
    const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' ')
    const lastName = joined(one['dropping-particle'], one['non-dropping-particle'], one.family)
    const firstName = [one.given, one.suffix].filter(Boolean).join(', ')
    if (lastName === '') return firstName === '' ? [] : [{ creatorType, lastName: firstName, fieldMode: 1 }]
    return firstName === ''
      ? [{ creatorType, lastName, fieldMode: 1 }]
      : [{ creatorType, firstName, lastName }]
  })
}

const dateOf = (parts: readonly (string | number)[]): string =>
  parts.map((part, at) => String(part).padStart(at === 0 ? 4 : 2, '0')).join('-')
