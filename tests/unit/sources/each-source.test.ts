/** Each source over real HTTP: its requests, its candidates, and its reason when it finds nothing. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../../kit/shared'
import { askTier, html, onlySources, openWeb, work, type Route, type Web } from './loopback-web'

let web: Web | null = null
afterEach(async () => {
  await web?.close()
  web = null
})
const webThat = async (route: Route): Promise<Web> => (web = await openWeb(route))
const json = (value: unknown) => ({ body: JSON.stringify(value) })
/** A sample of tests/fixtures/services. */
const sample = (name: string): { readonly body: unknown } =>
  JSON.parse(readFileSync(resolve(repositoryRoot, `tests/fixtures/services/${name}.json`), 'utf8')) as {
    body: unknown
  }
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

  it('proposes every open location and not only the best; a page without a file is passed on', async () => {
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

  it('reports “not in Unpaywall” for a 404, and a refused contact address', async () => {
    const there = await webThat((url) =>
      url.includes('refused') ? { status: 422, body: '{}' } : { status: 404, body: '{"error":true}' }
    )
    const absent = await askTier(there, 'direct_oa', work({ doi: '10.1234/absent' }), { plan })
    expect(absent.attempts).toMatchObject([{ outcome: 'no_pdf', reason: 'NO_OPEN_COPY', status: 404 }])
    expect(absent.retryable).toBe(false)
    const refused = await askTier(there, 'direct_oa', work({ doi: '10.1234/refused' }), { plan, mailto: '' })
    expect(refused.attempts[0]?.detail).toContain('contact address')
    expect(refused.attempts[0]?.outcome, 'no address is invented').toBe('skipped')
    expect(there.asked.length).toBe(1)
  })

  it('defect 26: a web page instead of JSON is a bad answer, not a crash', async () => {
    const there = await webThat(() => html('<html>gateway</html>'))
    const answer = await askTier(there, 'direct_oa', work({ doi: DOI }), { plan })
    expect(answer.attempts).toMatchObject([{ outcome: 'error', reason: 'BAD_ANSWER' }])
  })
})

describe('openalex', () => {
  const plan = onlySources(['openalex'])
  it('asks by PMID when no other id is known, and learns the other ids', async () => {
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
    expect(there.asked[0]).toBe('https://api.openalex.org/works/pmid:99')
    expect(urls(answer)).toEqual(['https://a.example/a.pdf'])
    expect(answer.learned.ids).toEqual({ openalex: 'W42', doi: '10.1234/x', arxiv: '2401.00001' })
  })

  it.each(['openalex', 'openalex_content'] as const)(
    'a spent budget of the day lasts until midnight UTC, and %s says so',
    async (name) => {
      const there = await webThat(() => ({ status: 429, body: '{"error":"Insufficient budget"}' }))
      const { policies, ...rest } = onlySources([name])
      const quick = { ...rest, policies: { ...policies, [name]: { ...policies[name], retries: 0 } } }
      const tier = name === 'openalex' ? 'direct_oa' : 'archive'
      const answer = await askTier(there, tier, work({ doi: '10.1234/x' }), {
        plan: quick,
        paidBudgetUsd: 1
      })
      const last = answer.attempts.at(-1)
      expect(last).toMatchObject({ source: name, outcome: 'retryable', reason: 'RATE_LIMITED' })
      expect(last?.detail).toContain('midnight UTC')
    }
  )
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
  const bucket = 'https://pmc-oa-opendata.s3.amazonaws.com'
  const listing = (...folders: string[]) => ({
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${folders.map((one) => `<CommonPrefixes><Prefix>${one}/</Prefix></CommonPrefixes>`).join('')}</ListBucketResult>`
  })
  const md5 = '4b3fc3a0a63cf2c7c4df3cc1b3d3d25e'
  const metadata = (version: number, more: object = {}) =>
    json({
      pmcid: 'PMC123',
      version,
      pmid: 77,
      doi: '10.1234/x',
      title: 'T',
      is_manuscript: false,
      license_code: 'CC BY',
      pdf_url: `s3://pmc-oa-opendata/PMC123.${version}/PMC123.${version}.pdf?md5=${md5}`,
      xml_url: `s3://pmc-oa-opendata/PMC123.${version}/PMC123.${version}.xml?md5=${md5}`,
      ...more
    })
  const converted = json({ status: 'ok', records: [{ doi: '10.1234/x', pmcid: 'PMC123', pmid: 77 }] })

  it("asks the id converter, the bucket's listing, then each version's metadata", async () => {
    const there = await webThat((url) => {
      if (url.includes('idconv')) return converted
      if (url.includes('list-type=2')) return listing('PMC123.1', 'PMC123.2', 'PMC1234.9')
      return url.endsWith('/metadata/PMC123.2.json')
        ? metadata(2, { is_retracted: true })
        : metadata(1, { is_manuscript: true, license_code: 'TDM' })
    })
    const answer = await askTier(there, 'direct_oa', work({ doi: '10.1234/x' }), { plan })
    expect(there.asked).toEqual([
      'https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/?ids=10.1234/x&idtype=doi&format=json&tool=sheaf&email=someone%40university.example',
      `${bucket}/?list-type=2&prefix=PMC123.&delimiter=/`,
      `${bucket}/metadata/PMC123.2.json`,
      `${bucket}/metadata/PMC123.1.json`
    ])
    expect(answer.candidates).toMatchObject([
      { url: `${bucket}/PMC123.2/PMC123.2.pdf`, version: 'publishedVersion', license: 'CC BY', md5 },
      { url: `${bucket}/PMC123.1/PMC123.1.pdf`, version: 'acceptedVersion', md5 },
      { url: 'https://europepmc.org/articles/PMC123?pdf=render' }
    ])
    expect(answer.candidates[1]?.license, 'TDM is no reuse licence').toBeUndefined()
    expect(answer.candidates[0]?.evidence).toContain('retracted')
    expect(answer.learned.ids).toEqual({ pmcid: 'PMC123', pmid: '77' })
    expect(answer.learned.facts).toMatchObject({ title: 'T', retracted: 'PMC' })
  })

  it('another article under the PMCID is not used, and neither is its render', async () => {
    const there = await webThat((url) =>
      url.includes('list-type=2') ? listing('PMC123.1') : metadata(1, { doi: '10.9999/other' })
    )
    const answer = await askTier(there, 'direct_oa', work({ doi: '10.1234/x', pmcid: 'PMC123' }), { plan })
    expect(answer.candidates).toEqual([])
    expect(answer.attempts.at(-1)).toMatchObject({
      outcome: 'no_pdf',
      detail: expect.stringContaining('10.9999/other') as string
    })
  })

  it('a version without a PDF leaves the XML and the render; a file outside its folder is ignored', async () => {
    const there = await webThat((url) =>
      url.includes('list-type=2')
        ? listing('PMC123.1')
        : metadata(1, { pdf_url: 's3://pmc-oa-opendata/PMC999.1/PMC999.1.pdf' })
    )
    const about = work({ pmcid: 'PMC123' })
    const pdf = await askTier(there, 'direct_oa', about, { plan })
    expect(urls(pdf)).toEqual(['https://europepmc.org/articles/PMC123?pdf=render'])
    const xml = await askTier(there, 'direct_oa', about, { plan, formats: ['xml'] })
    expect(urls(xml)).toEqual([
      `${bucket}/PMC123.1/PMC123.1.xml`,
      'https://www.ebi.ac.uk/europepmc/webservices/rest/PMC123/fullTextXML'
    ])
  })

  it('an unknown PMCID has no folder; without a title to compare nothing else is proposed', async () => {
    const there = await webThat(() => listing())
    const bare = await askTier(there, 'direct_oa', work({ pmcid: 'PMC123' }), { plan })
    expect(bare.attempts).toMatchObject([{ outcome: 'no_pdf', reason: 'NO_OPEN_COPY' }])
    expect(bare.candidates).toEqual([])
    const titled = work({ pmcid: 'PMC123' }, { facts: { title: 'T' } })
    expect(urls(await askTier(there, 'direct_oa', titled, { plan }))).toEqual([
      'https://europepmc.org/articles/PMC123?pdf=render'
    ])
  })

  it("the converter's refusals and unknown ids have their reasons", async () => {
    const refused = await webThat(() => ({ ...json(sample('pmc-idconv-400').body), status: 400 }))
    const answer = await askTier(refused, 'direct_oa', work({ pmid: '12' }), { plan })
    expect(answer.attempts).toMatchObject([
      {
        outcome: 'nonretryable',
        reason: 'HTTP_REFUSED',
        detail: expect.stringContaining('invalid_pmids') as string
      }
    ])
    await refused.close()
    const unknown = await webThat(() => json(sample('pmc-idconv-unknown').body))
    const absent = await askTier(unknown, 'direct_oa', work({ doi: '10.1/x' }), { plan })
    expect(absent.attempts).toMatchObject([
      { outcome: 'no_pdf', detail: expect.stringContaining('Identifier not found in PMC') as string }
    ])
    expect(absent.retryable).toBe(false)
  })

  it("PMC's own pages are never opened, whatever source names them", async () => {
    const there = await webThat(() => html('<html>Preparing to download</html>'))
    const page = 'https://pmc.ncbi.nlm.nih.gov/articles/PMC123/'
    const answer = await askTier(there, 'landing_scrape', work({}), {
      plan: onlySources(['landing_scrape']),
      landingPages: [{ landingUrl: page, isOa: true }]
    })
    expect(there.asked).toEqual([])
    expect(answer.attempts).toMatchObject([{ outcome: 'skipped' }])
  })

  it('a PMC address from another source is replaced by its copy in the open bucket', async () => {
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
  it('a refusal that comes with status 200 is a failure, never “not known”', async () => {
    const there = await webThat(() => json(sample('europepmc-error-in-200').body))
    const answer = await askTier(there, 'landing_scrape', work({ doi: '10.1234/x' }), {
      plan: onlySources(['europe_pmc'])
    })
    expect(answer.attempts).toMatchObject([{ outcome: 'error', reason: 'BAD_ANSWER' }])
    expect(answer.attempts[0]?.detail).toContain('Invalid page size')
  })

  it('defect 26: reads fullTextUrlList, only of the record that was asked for', async () => {
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

  it('does not ask the availability API when the index answers in another format', async () => {
    const asked: string[] = []
    const there = await webThat((url) => {
      asked.push(url)
      return html('<html>busy</html>')
    })
    const answer = await askTier(there, 'archive', work({ doi: '10.1234/x' }), {
      plan,
      failedUrls: ['http://g.example/p.pdf']
    })
    expect(urls(answer)).toEqual([])
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((url) => !url.includes('/cdx/'))).toEqual([])
  })
})
