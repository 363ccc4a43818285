/**
 * The answers of Unpaywall, OpenAlex, arXiv, Europe PMC, doi.org and the publishers about the sample library,
 * in the services' own formats as far as Sheaf reads them. Pure: an address in, an answer out; null means
 * that there is no such host.
 */
import { SAMPLE_TOPIC, SAMPLE_WORKS, sampleWork, type SampleWork } from './sample-works'

export interface SampleAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function sampleAnswer(address: string): SampleAnswer | null {
  const url = new URL(address)
  switch (url.host) {
    case 'doi.org':
      return doiOrg(url)
    case 'api.unpaywall.org':
      return unpaywall(url)
    case 'api.openalex.org':
      return openalex(url)
    case 'export.arxiv.org':
    case 'arxiv.org':
      return url.pathname === '/api/query' ? arxiv(url) : null
    case 'www.ebi.ac.uk':
      return europePmc(url)
    case 'pmc.ncbi.nlm.nih.gov':
      return pmc(url)
    case 'pmc-oa-opendata.s3.amazonaws.com':
      return emptyBucket()
    case 'web.archive.org':
    case 'archive.org':
      return url.pathname.startsWith('/cdx/') ? json([]) : json({ archived_snapshots: {} })
    default:
      return landing(url)
  }
}

const json = (value: unknown, status = 200): SampleAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value)
})
const page = (title: string, head: string, body: string, status = 200): SampleAnswer => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>${body}</body></html>`
})
const urlsFrom = (work: SampleWork, from: SampleWork['copies'][number]['from']): string[] =>
  work.copies.filter((copy) => copy.from === from).map((copy) => copy.url)

function doiOrg(url: URL): SampleAnswer {
  const work = sampleWork(decodeURIComponent(url.pathname.slice(1)))
  return work === undefined
    ? page('DOI not found', '', '<h1>DOI not found</h1>', 404)
    : { status: 302, headers: { Location: work.landingUrl }, body: '' }
}

function landing(url: URL): SampleAnswer | null {
  const work = SAMPLE_WORKS.find((each) => each.landingUrl === `${url.origin}${url.pathname}`)
  if (work === undefined) return null
  const meta = (name: string, content: string): string => `<meta name="${name}" content="${escape(content)}">`
  const head = [
    meta('citation_title', work.text.title),
    ...work.text.authors.map((author) => meta('citation_author', author)),
    meta('citation_publication_date', String(work.text.year)),
    meta('citation_journal_title', work.text.venue),
    meta('citation_doi', work.doi),
    ...urlsFrom(work, 'landing').map((file) => meta('citation_pdf_url', file))
  ]
  const body = `<h1>${escape(work.text.title)}</h1><p>${escape(work.text.abstract)}</p>`
  return page(escape(work.text.title), head.join(''), body)
}

function unpaywall(url: URL): SampleAnswer {
  const doi = decodeURIComponent(url.pathname.replace(/^\/v2\//, ''))
  const work = sampleWork(doi)
  if (work === undefined) return json({ error: true, message: `'${doi}' isn't in Unpaywall.` }, 404)
  const locations = urlsFrom(work, 'unpaywall').map((file, index) => ({
    url: file,
    url_for_pdf: file,
    url_for_landing_page: `https://doi.org/${work.doi}`,
    license: 'cc-by',
    version: 'publishedVersion',
    host_type: 'repository',
    is_best: index === 0
  }))
  return json({
    doi: work.doi,
    doi_url: `https://doi.org/${work.doi}`,
    title: work.text.title,
    genre: 'journal-article',
    year: work.text.year,
    journal_name: work.text.venue,
    is_oa: locations.length > 0,
    oa_status: locations.length > 0 ? 'green' : 'closed',
    best_oa_location: locations[0] ?? null,
    oa_locations: locations,
    z_authors: work.text.authors.map((author) => {
      const [family = author, given = ''] = author.split(', ')
      return { family, given }
    })
  })
}

function openalex(url: URL): SampleAnswer {
  const path = decodeURIComponent(url.pathname)
  if (path === '/topics') {
    const topic = {
      id: 'https://openalex.org/T99999',
      display_name: SAMPLE_TOPIC,
      works_count: SAMPLE_WORKS.length
    }
    return json({ meta: { count: 1, page: 1, per_page: 25 }, results: [topic] })
  }
  if (path !== '/works') {
    const name = path.replace(/^\/works\//, '').replace(/^(?:https:\/\/doi\.org\/|doi:)/, '')
    const work = SAMPLE_WORKS.find((each) => each.openalex === name || each.doi === name.toLowerCase())
    return work === undefined ? json({ error: 'Not found' }, 404) : json(openalexRecord(work))
  }
  const wanted = /(?:^|,)doi:([^,]+)/.exec(url.searchParams.get('filter') ?? '')?.[1]
  const names = wanted?.split('|').map((doi) => doi.replace('https://doi.org/', '').toLowerCase())
  const found = SAMPLE_WORKS.filter((work) => names === undefined || names.includes(work.doi))
  const cursor = url.searchParams.get('cursor') ?? '*'
  const perPage = Number(url.searchParams.get('per-page') ?? url.searchParams.get('per_page') ?? 25)
  const start = cursor === '*' ? 0 : Number(cursor)
  const results = found.slice(start, start + perPage)
  const next = results.length === 0 ? null : String(start + results.length)
  return json({
    meta: { count: found.length, per_page: perPage, page: null, next_cursor: next },
    results: results.map(openalexRecord)
  })
}

function openalexRecord(work: SampleWork): unknown {
  const doi = `https://doi.org/${work.doi}`
  // OpenAlex and Unpaywall share their locations.
  const files = work.copies.filter(({ from }) => from === 'openalex' || from === 'unpaywall')
  const locations = [undefined, ...files.map(({ url }) => url)].map((file) => ({
    is_oa: file !== undefined,
    landing_page_url: doi,
    pdf_url: file ?? null,
    source: { display_name: work.text.venue, type: 'journal' },
    license: file === undefined ? null : 'cc-by',
    version: 'publishedVersion'
  }))
  const open = locations.find((location) => location.is_oa) ?? null
  return {
    id: `https://openalex.org/${work.openalex}`,
    doi,
    title: work.text.title,
    display_name: work.text.title,
    publication_year: work.text.year,
    type: 'article',
    language: 'en',
    ids: {
      openalex: `https://openalex.org/${work.openalex}`,
      doi,
      ...(work.pmid === undefined ? {} : { pmid: `https://pubmed.ncbi.nlm.nih.gov/${work.pmid}` }),
      ...(work.pmcid === undefined
        ? {}
        : { pmcid: `https://www.ncbi.nlm.nih.gov/pmc/articles/${work.pmcid.slice(3)}` })
    },
    primary_location: locations[0],
    best_oa_location: open,
    locations,
    open_access: { is_oa: work.copies.length > 0, oa_status: 'green', oa_url: open?.pdf_url ?? null },
    authorships: work.text.authors.map((author) => {
      const name = author.split(', ').reverse().join(' ')
      return { author: { display_name: name }, raw_author_name: name }
    })
  }
}

function arxiv(url: URL): SampleAnswer {
  const ids = (url.searchParams.get('id_list') ?? '').split(',').map((id) => id.replace(/v\d+$/, ''))
  const entries = SAMPLE_WORKS.filter((work) => work.arxiv !== undefined && ids.includes(work.arxiv)).map(
    (
      work
    ) => `<entry><id>http://arxiv.org/abs/${work.arxiv ?? ''}v1</id><title>${escape(work.text.title)}</title>
<published>${String(work.text.year)}-01-01T00:00:00Z</published><summary>${escape(work.text.abstract)}</summary>
${work.text.authors.map((author) => `<author><name>${escape(author.split(', ').reverse().join(' '))}</name></author>`).join('')}
<link href="https://arxiv.org/pdf/${work.arxiv ?? ''}v1" rel="related" type="application/pdf" title="pdf"/>
<arxiv:doi>${work.doi}</arxiv:doi></entry>`
  )
  return {
    status: 200,
    headers: { 'Content-Type': 'application/atom+xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<title>arXiv Query</title><opensearch:totalResults>${String(entries.length)}</opensearch:totalResults>
${entries.join('\n')}
</feed>`
  }
}

function europePmc(url: URL): SampleAnswer {
  const query = (url.searchParams.get('query') ?? '').toLowerCase()
  const found = SAMPLE_WORKS.filter((work) => {
    return [work.doi, work.pmid, work.pmcid?.toLowerCase()].some(
      (name) => name !== undefined && query.includes(name)
    )
  })
  const result = found
    .filter((work) => work.pmcid !== undefined)
    .map((work) => ({
      id: work.pmid,
      source: 'MED',
      pmid: work.pmid,
      pmcid: work.pmcid,
      doi: work.doi,
      title: work.text.title,
      authorString: work.text.authors.join(', '),
      pubYear: String(work.text.year),
      isOpenAccess: 'Y',
      inEPMC: 'Y',
      hasPDF: 'Y',
      fullTextUrlList: {
        fullTextUrl: urlsFrom(work, 'europe_pmc').map((file) => ({
          availability: 'Open access',
          availabilityCode: 'OA',
          documentStyle: 'pdf',
          site: 'Europe_PMC',
          url: file
        }))
      }
    }))
  return json({ version: '6.9', hitCount: result.length, resultList: { result } })
}

/** PMC's bucket holds no file of the sample library. */
function emptyBucket(): SampleAnswer {
  const body =
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><KeyCount>0</KeyCount></ListBucketResult>'
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body }
}

/** The id converter has the sample's PMC numbers. */
function pmc(url: URL): SampleAnswer {
  const ids = (url.searchParams.get('ids') ?? '').split(',')
  const records = ids.map((id) => {
    const work = SAMPLE_WORKS.find(
      (each) => each.doi === id.toLowerCase() || each.pmid === id || each.pmcid === id
    )
    return work?.pmcid === undefined
      ? { 'requested-id': id, status: 'error', errmsg: 'Identifier not found in PMC' }
      : { 'requested-id': id, pmcid: work.pmcid, pmid: work.pmid, doi: work.doi }
  })
  return json({ status: 'ok', records })
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
