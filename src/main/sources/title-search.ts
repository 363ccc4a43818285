/**
 * Works by their titles: Crossref's bibliographic query (titles, authors and years in one field), and
 * OpenAlex's search, which is charged. This module only returns candidates; `engine/titles` decides whether
 * one is the intended work. Source: Crossref REST API, `query.bibliographic` (api.crossref.org/swagger-ui,
 * read 2026-11); docs/services.md.
 */
import { z } from 'zod'
import type { TitleCandidate } from '../../contract/matches'
import type { WorkDraft, WorkFacts } from '../../contract/work'
import type { Net } from '../net/net'
import { crossrefDate } from './crossref'
import { familyFirst, idsOf } from './facts'
import { searchOpenAlex } from './openalex-search'
import { isReading, readJson, type Failure } from './reading'
import { looseList, looseText, requiredList } from './tolerant'
import { plainText } from './web-text'

/** With more rows the scoring gets only near-duplicates; with fewer, the work itself may be missing. */
const ROWS = 8
/** Works of OpenAlex's search. */
const MOST_FOUND = 5
const MOST_QUERY_CHARS = 400
const MOST_AUTHORS = 12
const SELECT =
  'DOI,title,subtitle,author,editor,issued,published-print,published-online,container-title,short-container-title,type'

/** One query for one reference; the address contains no secret. */
export function crossrefTitleUrl(cited: WorkFacts, mailto: string): string {
  const words = [cited.title ?? '', familyOf(cited.authors?.[0] ?? ''), String(cited.year ?? '')]
  const query = new URLSearchParams({
    'query.bibliographic': words
      .filter((one) => one !== '')
      .join(' ')
      .slice(0, MOST_QUERY_CHARS),
    rows: String(ROWS),
    select: SELECT,
    ...(mailto === '' ? {} : { mailto })
  })
  return `https://api.crossref.org/works?${query.toString()}`
}

/** `Family, Given` gives its first part; any other form is used whole: the query is a bag of words. */
const familyOf = (author: string): string => author.split(',', 1)[0] ?? ''

const people = looseList(z.looseObject({ family: looseText, given: looseText, name: looseText }))
const itemSchema = z.looseObject({
  DOI: looseText,
  title: looseList(z.string()),
  subtitle: looseList(z.string()),
  author: people,
  editor: people,
  issued: crossrefDate,
  'published-print': crossrefDate,
  'published-online': crossrefDate,
  'container-title': looseList(z.string()),
  'short-container-title': looseList(z.string()),
  type: looseText
})
const answerSchema = z.looseObject({
  message: z.looseObject({
    items: requiredList(itemSchema)
  })
})

export function parseCrossrefTitles(text: string): readonly TitleCandidate[] | Failure {
  const raw = readJson(text, answerSchema)
  if (isReading(raw)) return raw
  return raw.message.items.flatMap((item) => candidateOf(item) ?? [])
}

function candidateOf(item: z.output<typeof itemSchema>): TitleCandidate | null {
  const ids = idsOf({ doi: item.DOI })
  const title = plainText(item.title[0])
  if (ids.doi === undefined || title === null) return null
  const subtitle = plainText(item.subtitle[0])
  const named = item.author.length > 0 ? item.author : item.editor
  const years = [item.issued, item['published-print'], item['published-online']].flatMap(
    (date) => date?.['date-parts'][0]?.[0] ?? []
  )
  return {
    service: 'crossref',
    ids,
    title,
    ...(subtitle === null ? {} : { subtitle }),
    authors: named.slice(0, MOST_AUTHORS).flatMap((one) => familyFirst(one) ?? one.name ?? []),
    years: [...new Set(years)],
    ...(typeof item.type === 'string' ? { type: item.type } : {}),
    venues: [...item['container-title'], ...item['short-container-title']].flatMap(
      (name) => plainText(name) ?? []
    )
  }
}

/** The few works that OpenAlex finds under a title. Throws as the search does. */
export async function openAlexTitled(
  title: string,
  net: Net,
  key: string | null,
  signal: AbortSignal
): Promise<readonly WorkDraft[]> {
  const query = { query: searchableTitle(title), max: MOST_FOUND, perPage: MOST_FOUND }
  const found: WorkDraft[] = []
  for await (const { page } of searchOpenAlex(query, net, key, signal)) found.push(...page)
  return found
}

/** OpenAlex's search accepts words; its operators and punctuation are left out. */
function searchableTitle(title: string): string {
  return title
    .replace(/[^\p{L}\p{N}\s'-]+/gu, ' ')
    .replace(/\b(?:AND|OR|NOT)\b/g, (word) => word.toLowerCase())
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}

export function candidateOfDraft({ ids, facts }: WorkDraft): TitleCandidate | null {
  const { openalex, doi, arxiv, pmid, pmcid } = ids
  const names = idsOf({ openalex, doi, arxiv, pmid, pmcid })
  if (facts.title === undefined || Object.keys(names).length === 0) return null
  return {
    service: 'openalex',
    ids: names,
    title: facts.title,
    authors: [...(facts.authors ?? [])].slice(0, MOST_AUTHORS),
    years: facts.year === undefined ? [] : [facts.year],
    ...(facts.type === undefined ? {} : { type: facts.type }),
    venues: facts.venue === undefined ? [] : [facts.venue]
  }
}
