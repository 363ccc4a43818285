/** Each source, asked over real HTTP: what it asks, what it proposes, what it says when there is nothing. */
import { afterEach, describe, expect, it } from 'vitest'
import { askTier, html, onlySources, openWeb, work, type Route, type Web } from './loopback-web'

let web: Web | null = null
afterEach(async () => {
  await web?.close()
  web = null
})
const webThat = async (route: Route): Promise<Web> => (web = await openWeb(route))
const json = (value: unknown) => ({ body: JSON.stringify(value) })
const urls = (answer: { candidates: readonly { url: string }[] }): string[] =>
  answer.candidates.map((one) => one.url)

const DOI = '10.1234/abc(5)7<9>;2'

describe('unpaywall', () => {
  const location = (more: object) => ({
    url: null,
    url_for_pdf: null,
    url_for_landing_page: null,
    version: null,
    ...more
  })
  const plan = onlySources(['unpaywall'])

  it('proposes every open location and not only the best; the page without a file is handed on', async () => {
    const there = await webThat(() =>
      json({
        doi: DOI,
        is_oa: true,
        title: 'A <i>tall</i> tale &amp; more',
        year: 2019,
        z_authors: [{ family: 'Doe', given: 'Jane' }],
        oa_locations: [
          location({
            url_for_pdf: 'https://repo.example/1.pdf',
            version: 'submittedVersion',
            is_best: false,
            license: null
          }),
          location({
            url_for_pdf: 'https://pub.example/2.pdf',
            version: 'publishedVersion',
            is_best: true,
            license: 'cc-by'
          }),
          location({ url: 'https://other.example/files/3.pdf', version: 'acceptedVersion' }),
          location({ url_for_landing_page: 'https://page.example/4' })
        ],
        oa_locations_embargoed: [location({ url_for_pdf: 'https://later.example/5.pdf' })]
      })
    )
    const answer = await askTier(there, 'direct_oa', work({ doi: DOI }), { plan })
    expect(there.asked).toEqual([
      'https://api.unpaywall.org/v2/10.1234/abc(5)7%3C9%3E;2?email=someone%40university.example'
    ])
    expect(urls(answer)).toEqual([
      'https://pub.example/2.pdf',
      'https://other.example/files/3.pdf',
      'https://repo.example/1.pdf'
    ])
    expect(answer.candidates[0]).toMatchObject({ source: 'unpaywall', tier: 'direct_oa', license: 'cc-by' })
    expect(answer.landingPages.map((page) => page.landingUrl)).toEqual(['https://page.example/4'])
    expect(answer.learned.facts).toMatchObject({
      title: 'A tall tale & more',
      year: 2019,
      authors: ['Doe, Jane']
    })
    expect(answer.attempts).toMatchObject([
      { source: 'unpaywall', outcome: 'success', reason: null, status: 200 }
    ])
  })

  it('says “not in Unpaywall” for a 404, and names the address when it is refused', async () => {
    const there = await webThat((url) =>
      url.includes('refused') ? { status: 422, body: '{}' } : { status: 404, body: '{"error":true}' }
    )
    const absent = await askTier(there, 'direct_oa', work({ doi: '10.1234/absent' }), { plan })
    expect(absent.attempts).toMatchObject([{ outcome: 'no_pdf', reason: 'NO_OPEN_COPY', status: 404 }])
    expect(absent.retryable).toBe(false)
    const refused = await askTier(there, 'direct_oa', work({ doi: '10.1234/refused' }), { plan, mailto: '' })
    expect(refused.attempts[0]?.detail).toContain('contact address')
    expect(there.asked[1], 'asked even when the person gave no address').toMatch(/\?email=.+%40.+/)
  })

  it('defect 26: a web page where JSON was expected is a bad answer, not a crash', async () => {
    const there = await webThat(() => html('<html>gateway</html>'))
    const answer = await askTier(there, 'direct_oa', work({ doi: DOI }), { plan })
    expect(answer.attempts).toMatchObject([{ outcome: 'error', reason: 'BAD_ANSWER' }])
  })
})

describe('openalex', () => {
  const plan = onlySources(['openalex'])
  it('asks by PMID when that is all there is, and learns the other names', async () => {
    const there = await webThat(() =>
      json({
        id: 'https://openalex.org/W42',
        doi: 'https://doi.org/10.1234/X',
        ids: { pmid: 'https://pubmed.ncbi.nlm.nih.gov/99' },
        title: 'T',
        publication_year: 2020,
        locations: [
          {
            is_oa: true,
            pdf_url: 'https://a.example/a.pdf',
            landing_page_url: 'https://arxiv.org/abs/2401.00001v2',
            version: 'submittedVersion'
          },
          { is_oa: false, pdf_url: 'https://closed.example/c.pdf' }
        ]
      })
    )
    const answer = await askTier(there, 'direct_oa', work({ pmid: '99' }), { plan })
    expect(there.asked[0]).toBe('https://api.openalex.org/works/pmid:99?mailto=someone%40university.example')
    expect(urls(answer)).toEqual(['https://a.example/a.pdf'])
    expect(answer.learned.ids).toEqual({ openalex: 'W42', doi: '10.1234/x', arxiv: '2401.00001' })
  })
})

describe('arxiv', () => {
  const plan = onlySources(['arxiv'], {})
  it('defect 26: an old-style id works, and the file is proposed even when the API is down', async () => {
    const there = await webThat(() => ({ status: 500, body: 'no' }))
    const quick = { ...plan, policies: { ...plan.policies, arxiv: { ...plan.policies.arxiv, retries: 0 } } }
    const answer = await askTier(
      there,
      'direct_oa',
      work({ arxiv: 'hep-th/9901001' }, { arxivVersion: 'v2' }),
      { plan: quick }
    )
    expect(there.asked[0]).toContain('id_list=hep-th%2F9901001v2')
    expect(urls(answer)).toEqual(['https://arxiv.org/pdf/hep-th/9901001v2'])
    expect(answer.retryable).toBe(true)
  })

  it('is not asked when everything is known, and knows an arXiv DOI', async () => {
    const there = await webThat(() => null)
    const about = work({ doi: '10.48550/arxiv.2401.00001' }, { facts: { title: 'T', year: 2024 } })
    const answer = await askTier(there, 'direct_oa', about, { plan })
    expect(urls(answer)).toEqual(['https://arxiv.org/pdf/2401.00001'])
    expect(there.asked).toEqual([])
  })
})

describe('pmc', () => {
  const plan = onlySources(['pmc'])
  it('defect 26: never the guarded page, never PMCPMC; the service’s own PDF goes first', async () => {
    const there = await webThat((url) =>
      url.includes('idconv')
        ? json({ status: 'ok', records: [{ doi: '10.1234/x', pmcid: 'PMC123', pmid: 77 }] })
        : {
            headers: { 'content-type': 'text/xml' },
            body: '<OA><records><record id="PMC123" license="CC BY" retracted="yes"><link format="tgz" href="ftp://ftp.ncbi.nlm.nih.gov/pub/a.tar.gz"/><link format="pdf" href="ftp://ftp.ncbi.nlm.nih.gov/pub/pmc/oa_pdf/8e/71/a.PMC123.pdf"/></record></records></OA>'
          }
    )
    const answer = await askTier(there, 'direct_oa', work({ doi: '10.1234/x' }), { plan })
    expect(there.asked[1]).toBe('https://www.ncbi.nlm.nih.gov/pmc/utils/oa/oa.fcgi?id=PMC123')
    expect(urls(answer)).toEqual([
      'https://ftp.ncbi.nlm.nih.gov/pub/pmc/oa_pdf/8e/71/a.PMC123.pdf',
      'https://europepmc.org/articles/PMC123?pdf=render',
      'https://europepmc.org/backend/ptpmcrender.fcgi?accid=PMC123&blobtype=pdf'
    ])
    expect(answer.candidates[0]?.evidence).toContain('retracted')
    expect(answer.learned.ids).toEqual({ pmcid: 'PMC123', pmid: '77' })
    const xml = await askTier(there, 'direct_oa', work({ pmcid: 'PMC123' }), { plan, formats: ['xml'] })
    expect(urls(xml)).toEqual(['https://www.ebi.ac.uk/europepmc/webservices/rest/PMC123/fullTextXML'])
  })

  it('goes to the newer converter when the older one sends a web page', async () => {
    const there = await webThat((url) =>
      url.includes('utils/idconv')
        ? html('<html>moved</html>')
        : json({ status: 'ok', records: [{ doi: '10.1234/x', live: 'false', errmsg: 'invalid article id' }] })
    )
    const answer = await askTier(there, 'direct_oa', work({ doi: '10.1234/x' }), { plan })
    expect(answer.attempts.map((one) => one.outcome)).toEqual(['error', 'no_pdf'])
    expect(there.asked[1]).toContain('https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/?')
  })

  it('a guarded address that another source names is exchanged for its open twin', async () => {
    const there = await webThat(() =>
      json({
        doi: '10.1234/x',
        is_oa: true,
        oa_locations: [
          { url_for_pdf: 'https://www.ncbi.nlm.nih.gov/pmc/articles/PMC55/pdf/main.pdf' },
          { url_for_pdf: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC55/pdf' }
        ]
      })
    )
    const answer = await askTier(there, 'direct_oa', work({ doi: '10.1234/x' }), {
      plan: onlySources(['unpaywall'])
    })
    expect(urls(answer)).toEqual(['https://europepmc.org/articles/PMC55?pdf=render'])
  })
})

describe('europe_pmc', () => {
  it('defect 26: reads fullTextUrlList, and only of the very record asked for', async () => {
    const record = (doi: string, url: string) => ({
      id: '1',
      source: 'MED',
      doi,
      isOpenAccess: 'Y',
      fullTextUrlList: {
        fullTextUrl: [
          { availabilityCode: 'OA', documentStyle: 'pdf', url },
          { availabilityCode: 'S', documentStyle: 'pdf', url: 'https://closed.example/x.pdf' },
          { availabilityCode: 'F', documentStyle: 'html', url: 'https://free.example/page' }
        ]
      }
    })
    const there = await webThat(() =>
      json({
        hitCount: 2,
        resultList: {
          result: [
            record('10.9876/other', 'https://wrong.example/w.pdf'),
            record('10.1234/X', 'https://right.example/r.pdf')
          ]
        }
      })
    )
    const answer = await askTier(there, 'landing_scrape', work({ doi: '10.1234/x' }), {
      plan: onlySources(['europe_pmc'])
    })
    expect(urls(answer)).toEqual(['https://right.example/r.pdf'])
    expect(answer.landingPages.map((page) => page.landingUrl)).toEqual(['https://free.example/page'])
  })
})

describe('wayback', () => {
  const plan = onlySources(['wayback'])
  const rows = (...captures: [string, string][]) =>
    json([
      ['urlkey', 'timestamp', 'original', 'mimetype', 'statuscode', 'digest', 'length'],
      ...captures.map(([at, original]) => ['k', at, original, 'application/pdf', '200', 'D', '99999'])
    ])

  it('defect 26: proposes the raw capture nearest after the publication', async () => {
    const original = 'https://gone.example/p.pdf'
    const there = await webThat((url) =>
      url.includes('/cdx/')
        ? rows(['20150101000000', original], ['20190301000000', original], ['20210101000000', original])
        : null
    )
    const answer = await askTier(there, 'archive', work({ doi: '10.1234/x' }, { facts: { year: 2018 } }), {
      plan,
      failedUrls: [original]
    })
    expect(urls(answer)).toEqual(['https://web.archive.org/web/20190301000000id_/https://gone.example/p.pdf'])
    expect(there.asked[0]).toContain(`url=${encodeURIComponent(original)}`)
  })

  it('defect 26: works without a failed address, by the captured page', async () => {
    const there = await webThat((url) => {
      if (url.includes('filter=mimetype:text/html'))
        return json([
          ['urlkey', 'timestamp', 'original', 'mimetype', 'statuscode', 'digest', 'length'],
          ['k', '20170101000000', 'http://pub.example/art', 'text/html', '200', 'D', '9']
        ])
      if (url.includes('/web/20170101000000id_/'))
        return html(
          '<meta name="citation_doi" content="10.1234/x"><meta name="citation_title" content="T"><meta name="citation_pdf_url" content="/art.pdf">'
        )
      if (url.includes(encodeURIComponent('http://pub.example/art.pdf')))
        return rows(['20170102000000', 'http://pub.example/art.pdf'])
      return json([])
    })
    const answer = await askTier(there, 'archive', work({ doi: '10.1234/x' }), {
      plan,
      landingPages: [{ landingUrl: 'http://pub.example/art' }]
    })
    expect(urls(answer)).toEqual(['https://web.archive.org/web/20170102000000id_/http://pub.example/art.pdf'])
  })

  it('asks the availability API when the index does not answer in its language', async () => {
    const there = await webThat((url) =>
      url.includes('/cdx/')
        ? html('<html>busy</html>')
        : json({
            archived_snapshots: {
              closest: {
                available: true,
                status: '200',
                timestamp: '20200101000000',
                url: 'http://web.archive.org/web/20200101000000/http://g.example/p.pdf'
              }
            }
          })
    )
    const answer = await askTier(there, 'archive', work({ doi: '10.1234/x' }), {
      plan,
      failedUrls: ['http://g.example/p.pdf']
    })
    expect(urls(answer)).toEqual(['https://web.archive.org/web/20200101000000id_/http://g.example/p.pdf'])
  })
})
