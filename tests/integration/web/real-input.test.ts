/** The world of recorded responses: what it states about its works is true over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../kit/ask'
import { sha256 } from '../../web/paper-file'
import { keyOf } from '../../web/recorded'
import { makeRealInput, type RealInput } from '../../web/real-input'
import { startWeb, type Web } from '../../web/web'

describe('a request and its recording', () => {
  it('match regardless of the order of the query and of the caller', () => {
    const key = keyOf('GET', 'https://api.example/a%2Fb?x=1&y=2%203&email=a@b.c')
    expect(keyOf('GET', 'https://api.example/a/b/?tool=me&y=2+3&x=1')).toBe(key)
    expect(keyOf('GET', 'https://api.example/a/b?x=2&y=2+3')).not.toBe(key)
  })
})

describe('real input', () => {
  let web: Web
  let input: RealInput
  beforeAll(async () => {
    input = makeRealInput()
    web = await startWeb({ sites: [input.site] })
  })
  afterAll(async () => {
    expect(web.faults).toEqual([])
    await web.close()
  })

  it('has more than a hundred works of all origins, each with a reason', () => {
    expect(input.works.length).toBeGreaterThan(200)
    expect(input.works.filter((work) => work.expectsPdf).length).toBeGreaterThan(150)
    const origins = new Set(input.works.slice(0, 130).map((work) => work.foundIn[0]!.split('-')[0]))
    expect([...origins]).toEqual(['landing', 'openalex', 'unpaywall', 'europepmc'])
    for (const work of input.works) expect(work.because, work.name).not.toBe('')
    expect(new Set(input.works.map((work) => work.name)).size).toBe(input.works.length)
  })

  it(
    'serves a PDF at every URL that a recording names, and nothing else there',
    { timeout: 60_000 },
    async () => {
      for (const work of input.works) {
        const hashes: string[] = []
        for (const url of work.pdfUrls) {
          const response = await ask(web.origin, url)
          expect([response.status, response.headers['content-type']], url).toEqual([200, 'application/pdf'])
          hashes.push(sha256(response.body))
        }
        expect(work.expectsPdf, work.name).toBe(hashes.some((hash) => work.sha256s.has(hash)))
      }
    }
  )

  it('leads DOIs to the recorded pages, byte for byte', async () => {
    const work = input.works.find((each) => each.doi === '10.7717/peerj.1545')!
    const hop = await ask(web.origin, `https://doi.org/${work.name}`)
    expect([hop.status, hop.headers['location']]).toEqual([302, work.landingUrl])
    const page = await ask(web.origin, work.landingUrl!)
    expect(page.body.toString()).toContain('citation_pdf_url')
    for (const each of input.works.filter((one) => one.landingUrl !== null)) {
      expect((await ask(web.origin, each.landingUrl!)).body.length, each.name).toBeGreaterThan(100)
    }
  })

  it('returns the records of the services, by DOI and as lists', async () => {
    const jsonOf = async (url: string) =>
      JSON.parse((await ask(web.origin, url)).body.toString()) as Record<string, unknown>
    const pnas = await jsonOf(
      'https://api.unpaywall.org/v2/10.1073/pnas.1414271111?email=somebody@else.example'
    )
    expect(pnas['oa_status']).toBe('bronze')
    expect((await jsonOf('https://api.openalex.org/works/doi:10.1073/pnas.1414271111'))['id']).toBe(
      'https://openalex.org/W2109415576'
    )
    const paged = await jsonOf('https://api.openalex.org/works?search=anything&per-page=3&cursor=*')
    expect((paged['results'] as unknown[]).length).toBe(3)
    const epmc = input.works.find((work) => work.europePmc !== null && work.doi?.includes('(') !== true)!
    const found = await jsonOf(
      `https://www.ebi.ac.uk/europepmc/webservices/rest/search?query=${encodeURIComponent(`DOI:"${epmc.name}"`)}&format=json`
    )
    expect(found['hitCount']).toBe(1)
    expect(
      (await ask(web.origin, 'https://api.unpaywall.org/v2/10.9999/nobody?email=a@b.example')).status
    ).toBe(404)
    expect(await jsonOf('https://web.archive.org/cdx/search/cdx?url=nowhere.example&output=json')).toEqual([])
  })

  it('replays recorded requests with status, headers and body', async () => {
    const arxiv = await ask(
      web.origin,
      'http://export.arxiv.org/api/query?id_list=1605.08386&search_query=&start=0&max_results=100&sortBy=relevance&sortOrder=descending'
    )
    expect(arxiv.body.toString()).toContain('Heat-bath random walks')
    const moved = await ask(web.origin, 'http://doi.org/10.1126/science.169.3946.635')
    expect([moved.status, moved.headers['location']]).toEqual([
      301,
      'https://doi.org/10.1126/science.169.3946.635'
    ])
    expect((await ask(web.origin, 'https://doi.org/10.1126/science.169.3946.635')).status).toBe(404)
    expect((await ask(web.origin, 'https://www.nature.com/robots.txt')).body.toString()).toContain(
      'User-agent'
    )
  })
})
