/** The sample library needs no network: its papers are valid, and its web serves them as recorded. */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSampleWeb, type SampleWeb } from '../../../src/main/demo/sample-web'
import {
  samplePdf,
  sampleWork,
  SAMPLE_WORKS,
  SLOW_BYTES,
  SLOW_WORK
} from '../../../src/main/demo/sample-works'
import { ask } from '../../kit/ask'

describe('the sample papers', () => {
  it('are valid PDFs of at least two pages that contain their own title', { timeout: 30_000 }, async () => {
    for (const work of SAMPLE_WORKS) {
      const document = await getDocument({ data: samplePdf(work).slice(), verbosity: 0 }).promise
      expect(document.numPages, work.key).toBeGreaterThanOrEqual(2)
      const content = await (await document.getPage(1)).getTextContent()
      const text = content.items.map((item) => ('str' in item ? item.str : '')).join(' ')
      expect(text).toContain(work.doi)
      expect(text.replace(/\s+/g, ' ')).toContain(work.text.title.slice(0, 20))
      await document.destroy()
    }
  })

  it('have distinct names, and the duplicate has the bytes of its original', () => {
    expect(new Set(SAMPLE_WORKS.map((work) => work.doi)).size).toBe(SAMPLE_WORKS.length)
    const twin = SAMPLE_WORKS.find((work) => work.sameBytesAs !== undefined)!
    expect(Buffer.from(samplePdf(twin)).equals(samplePdf(sampleWork(twin.sameBytesAs!)!))).toBe(true)
  })
})

describe('the sample web', () => {
  let web: SampleWeb
  beforeAll(async () => {
    web = await startSampleWeb()
  })
  afterAll(() => web.close())

  it('redirects every DOI to a page with the same title', async () => {
    for (const work of SAMPLE_WORKS) {
      const hop = await ask(web.origin, `https://doi.org/${work.doi}`)
      expect(hop.status).toBe(302)
      const page = await ask(web.origin, hop.headers['location']!)
      expect(page.status).toBe(200)
      expect(page.body.toString()).toContain(work.doi)
    }
  })

  it('lists open copies in the formats of the services', async () => {
    const bodyOf = async (url: string): Promise<string> => (await ask(web.origin, url)).body.toString()
    const doi = sampleWork('10.5555/sheaf.sample.01')!
    expect(await bodyOf(`https://api.unpaywall.org/v2/${doi.doi}?email=a@b.example`)).toContain(
      doi.copies[0]!.url
    )
    expect(await bodyOf('https://export.arxiv.org/api/query?id_list=2401.99991')).toContain('Tidal pools')
    expect(
      await bodyOf('https://www.ebi.ac.uk/europepmc/webservices/rest/search?query=PMCID:PMC99999901')
    ).toContain('pdf=render')
    const list = JSON.parse(
      await bodyOf('https://api.openalex.org/works?filter=topics.id:T99999&per-page=5&cursor=*')
    ) as {
      meta: { count: number; next_cursor: string }
      results: unknown[]
    }
    expect(list.meta.count).toBe(SAMPLE_WORKS.length)
    expect(list.results).toHaveLength(5)
    const next = await bodyOf(`https://api.openalex.org/works?per-page=5&cursor=${list.meta.next_cursor}`)
    expect((JSON.parse(next) as { results: unknown[] }).results).toHaveLength(5)
  })

  it('answers "busy" once, and then sends the paper', async () => {
    const busy = SAMPLE_WORKS.find((work) => work.copies.some((copy) => copy.gives === 'paper-after-503'))!
    const first = await ask(web.origin, busy.copies[0]!.url)
    expect([first.status, first.headers['retry-after']]).toEqual([503, '1'])
    expect((await ask(web.origin, busy.copies[0]!.url)).body.equals(samplePdf(busy))).toBe(true)
  })

  it('streams one file slowly, reports when half is sent, and supports resuming', async () => {
    const url = SLOW_WORK.copies[0]!.url
    const began = performance.now()
    const first = await ask(web.origin, url, { leaveAfter: 300_000 })
    await web.slowFileHalfSent
    expect(performance.now() - began).toBeGreaterThan(1_000)
    expect(first.body.length).toBeLessThan(SLOW_BYTES)
    const rest = await ask(web.origin, url, {
      headers: { Range: `bytes=${first.body.length}-`, 'If-Range': first.headers['etag']! }
    })
    expect(rest.status).toBe(206)
    expect(Buffer.concat([first.body, rest.body]).equals(samplePdf(SLOW_WORK))).toBe(true)
    expect(web.fileRequests().at(-1)!.range).toBe(`bytes=${first.body.length}-`)
  })
})
