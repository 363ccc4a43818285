/**
 * The part of Crossref's REST API that Sheaf uses: one work, and lists filtered by DOI. Source:
 * docs/services.md.
 */
import { bibliographicIndex, type CrossrefRecord } from './bibliographic-search'
import { json, text, type Responder } from './service-answers'
import type { PlacedWork } from './works'

const MOST_ROWS = 1_000

export function crossref(url: URL, works: readonly PlacedWork[]): Responder {
  if (url.pathname !== '/works') {
    const doi = decodeURIComponent(url.pathname.replace(/^\/works\//, '')).toLowerCase()
    const work = works.find((each) => each.doi?.toLowerCase() === doi)
    if (work === undefined) return text('Resource not found.', 404)
    return json({ status: 'ok', 'message-type': 'work', message: crossrefRecord(work) })
  }
  const rows = Number(url.searchParams.get('rows') ?? 20)
  if (!Number.isInteger(rows) || rows < 0 || rows > MOST_ROWS)
    return json({ status: 'failed', message: [{ type: 'integer-not-valid', value: String(rows) }] }, 400)
  const words = url.searchParams.get('query.bibliographic')
  if (words !== null) {
    const records = works.flatMap((work) => (work.doi === null ? [] : [crossrefRecord(work)]))
    const items = bibliographicIndex(records).find(words, rows)
    return json({ status: 'ok', 'message-type': 'work-list', message: { items } })
  }
  const wanted = (url.searchParams.get('filter') ?? '')
    .split(',')
    .filter((one) => one !== '')
    .map((one) => /^doi:(.+)$/.exec(one)?.[1]?.toLowerCase() ?? null)
  if (wanted.includes(null))
    return json({ status: 'failed', message: [{ type: 'filter-not-available' }] }, 400)
  const found = works.filter((work) => work.doi !== null && wanted.includes(work.doi.toLowerCase()))
  return json({
    status: 'ok',
    'message-type': 'work-list',
    message: { 'total-results': found.length, items: found.slice(0, rows).map(crossrefRecord) }
  })
}

function crossrefRecord(work: PlacedWork): CrossrefRecord {
  const files = work.copies.filter((copy) => copy.via === 'crossref')
  return {
    DOI: work.doi ?? '',
    title: [work.title],
    author: work.authors.map((author) => {
      const [family = author, given = ''] = author.split(', ')
      return { family, given, sequence: 'additional' }
    }),
    issued: { 'date-parts': [[work.year]] },
    'container-title': ['Journal of Fixtures'],
    type: 'journal-article',
    license: files.length === 0 ? [] : [{ URL: 'https://creativecommons.org/licenses/by/4.0/' }],
    link: files.map((copy) => ({
      URL: copy.url,
      'content-type': 'application/pdf',
      'content-version': 'vor',
      'intended-application': 'similarity-checking'
    })),
    relation: {}
  }
}
