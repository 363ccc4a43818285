/**
 * OpenAlex: single works by any identifier, filtered lists with cursor paging, topic search. Source:
 * https://docs.openalex.org, and recorded responses.
 */
import { json, type Responder } from './service-answers'
import type { PlacedCopy, PlacedWork } from './works'

export function openalex(url: URL, works: readonly PlacedWork[]): Responder {
  const path = decodeURIComponent(url.pathname)
  if (path === '/topics') return topics(url, works)
  if (path === '/works' || path === '/works/') return list(url, works)
  const name = path.replace(/^\/works\//, '')
  const work = works.find((each) => isNamed(each, name))
  if (work === undefined) {
    return (exchange) =>
      exchange.answer(
        404,
        { 'Content-Type': 'text/html; charset=utf-8' },
        '<!doctype html><title>404 Not Found</title>'
      )
  }
  return json(openalexRecord(work))
}

function isNamed(work: PlacedWork, name: string): boolean {
  const bare = name
    .toLowerCase()
    .replace(/^https?:\/\/(?:dx\.)?doi\.org\//, 'doi:')
    .replace(/^https?:\/\/openalex\.org\//, '')
  const pmcid = work.pmcid?.toLowerCase()
  return (
    bare === work.openalex.toLowerCase() ||
    (work.doi !== null && bare === `doi:${work.doi.toLowerCase()}`) ||
    (work.pmid !== null && bare === `pmid:${work.pmid}`) ||
    (pmcid !== undefined && (bare === `pmcid:${pmcid}` || bare === `pmcid:${pmcid.slice(3)}`))
  )
}

/** A topic is a word of a work; its id is derived from the word. */
function topicId(topic: string): string {
  return `T${10_000 + Buffer.from(topic).reduce((sum, byte) => sum + byte, 0)}`
}

function topics(url: URL, works: readonly PlacedWork[]): Responder {
  const wanted = (url.searchParams.get('search') ?? '').toLowerCase()
  const names = [...new Set(works.map((work) => work.topic))].filter((topic) => topic.includes(wanted))
  const results = names.map((topic) => ({
    id: `https://openalex.org/${topicId(topic)}`,
    display_name: topic,
    works_count: works.filter((work) => work.topic === topic).length
  }))
  return json({ meta: { count: results.length, page: 1, per_page: 25 }, results })
}

function list(url: URL, works: readonly PlacedWork[]): Responder {
  const refused = (message: string): Responder =>
    json({ error: 'Invalid query parameters error.', message }, 400)
  const perPage = Number(url.searchParams.get('per-page') ?? url.searchParams.get('per_page') ?? 25)
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 100) {
    return refused('per-page parameter must be between 1 and 100')
  }
  let found = works
  if (url.href.length > 4_100) return (exchange) => exchange.answer(414, {}, 'URI Too Long')
  for (const condition of (url.searchParams.get('filter') ?? '').split(',').filter((each) => each !== '')) {
    const colon = condition.indexOf(':')
    const kept = keep(found, condition.slice(0, colon), condition.slice(colon + 1))
    if (kept === null) return refused(`${condition.slice(0, colon)} is not a valid field.`)
    found = kept
  }
  const search = url.searchParams.get('search')
  if (search !== null) found = found.filter((work) => hasWords(work, search))
  const cursor = url.searchParams.get('cursor')
  const page = Number(url.searchParams.get('page') ?? 1)
  const start = cursor === null ? (page - 1) * perPage : cursor === '*' ? 0 : Number(atob(cursor))
  if (!Number.isInteger(start)) return refused('Cursor is not valid.')
  const results = found.slice(start, start + perPage)
  return json({
    meta: {
      count: found.length,
      db_response_time_ms: 7,
      page: cursor === null ? page : null,
      per_page: perPage,
      groups_count: null,
      ...(cursor === null
        ? {}
        : { next_cursor: results.length === 0 ? null : btoa(String(start + results.length)) })
    },
    results: results.map(openalexRecord),
    group_by: []
  })
}

function hasWords(work: PlacedWork, words: string): boolean {
  const text = `${work.title} ${work.topic}`.toLowerCase()
  return words
    .toLowerCase()
    .split(/[\s"]+/)
    .every((word) => text.includes(word))
}

function keep(works: readonly PlacedWork[], field: string, value: string): readonly PlacedWork[] | null {
  const any = value.split('|')
  if (any.length > 100) return null
  switch (field) {
    case 'doi':
      return works.filter((work) =>
        any.some((doi) => isNamed(work, doi.includes('doi.org') ? doi : `doi:${doi}`))
      )
    case 'ids.pmid':
      return works.filter((work) => any.some((id) => work.pmid === id))
    case 'openalex':
    case 'openalex_id':
    case 'ids.openalex':
      return works.filter((work) => any.some((id) => isNamed(work, id)))
    case 'title.search':
    case 'title_and_abstract.search':
    case 'default.search':
      return works.filter((work) => hasWords(work, value))
    case 'topics.id':
    case 'primary_topic.id':
      return works.filter((work) =>
        any.some((id) => id.replace(/^.*\//, '').toUpperCase() === topicId(work.topic))
      )
    case 'publication_year': {
      const [from, to] = value.includes('-') ? value.split('-') : [value, value]
      return works.filter((work) => work.year >= Number(from || 0) && work.year <= Number(to || 9_999))
    }
    case 'from_publication_date':
      return works.filter((work) => `${work.year}-01-01` >= value)
    case 'to_publication_date':
      return works.filter((work) => `${work.year}-01-01` <= value)
    case 'is_oa':
    case 'open_access.is_oa':
      return works.filter((work) => work.copies.length > 0 === (value === 'true'))
    default:
      return null
  }
}

export function openalexRecord(work: PlacedWork): unknown {
  // Unpaywall has had the same data since 2025.
  const own = work.copies.filter((copy) => copy.via === 'openalex' || copy.via === 'unpaywall')
  const location = (copy: PlacedCopy | null): unknown => ({
    is_oa: copy !== null,
    landing_page_url: work.doi === null ? null : `https://doi.org/${work.doi}`,
    pdf_url: copy?.url ?? null,
    source: { id: 'https://openalex.org/S4900000000', display_name: 'Journal of Fixtures', type: 'journal' },
    license: copy === null ? null : (copy.license ?? 'cc-by'),
    version: copy === null ? null : (copy.version ?? 'publishedVersion'),
    is_accepted: true,
    is_published: true
  })
  const locations = own.length === 0 ? [location(null)] : own.map(location)
  return {
    id: `https://openalex.org/${work.openalex}`,
    doi: work.doi === null ? null : `https://doi.org/${work.doi}`,
    title: work.title,
    display_name: work.title,
    publication_year: work.year,
    publication_date: `${work.year}-01-01`,
    ids: {
      openalex: `https://openalex.org/${work.openalex}`,
      ...(work.doi === null ? {} : { doi: `https://doi.org/${work.doi}` }),
      ...(work.pmid === null ? {} : { pmid: `https://pubmed.ncbi.nlm.nih.gov/${work.pmid}` }),
      ...(work.pmcid === null
        ? {}
        : { pmcid: `https://www.ncbi.nlm.nih.gov/pmc/articles/${work.pmcid.slice(3)}` })
    },
    language: 'en',
    type: 'article',
    primary_location: locations[0],
    best_oa_location: own.length === 0 ? null : locations[0],
    locations_count: locations.length,
    locations,
    open_access: {
      is_oa: work.copies.length > 0,
      oa_status: work.copies.length > 0 ? 'green' : 'closed',
      oa_url: own[0]?.url ?? null,
      any_repository_has_fulltext: work.copies.length > 0
    },
    authorships: work.authors.map((author, index) => ({
      author_position: index === 0 ? 'first' : 'last',
      author: {
        id: `https://openalex.org/A${5_000_000_000 + index}`,
        display_name: shown(author),
        orcid: null
      },
      raw_author_name: shown(author),
      institutions: []
    })),
    primary_topic: { id: `https://openalex.org/${topicId(work.topic)}`, display_name: work.topic },
    is_retracted: false,
    has_content: { pdf: work.copies.some((copy) => copy.via === 'openalex_content'), grobid_xml: false }
  }
}

/** OpenAlex writes given names first. */
function shown(author: string): string {
  const [family = author, given] = author.split(', ')
  return given === undefined ? family : `${given} ${family}`
}
