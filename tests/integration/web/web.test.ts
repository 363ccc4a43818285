/** The fixture web itself: hosts, ranges, holds, throttling, outages. Tests rely on these. */
import { afterEach, describe, expect, it } from 'vitest'
import { ask } from '../../kit/ask'
import { waitFor } from '../../kit/wait-for'
import { failing, makeWorld, startWorld } from '../../web/scholarly'
import { plainWorks } from '../../web/works'
import type { Web } from '../../web/web'

let web: Web
afterEach(() => web.close())

/** Two works; the first has a copy in a repository. */
async function twoWorks() {
  const started = await startWorld([{ key: 'a', copies: [{ via: 'unpaywall' }] }, { key: 'b' }])
  web = started.web
  return { ...started, url: started.world.fileUrl('a'), pdf: started.world.pdf('a') }
}

describe('a well-behaved file', () => {
  it('is complete, with type, date and ETag', async () => {
    const { url, pdf } = await twoWorks()
    const response = await ask(web.origin, url)
    expect(response.status).toBe(200)
    expect(response.body.equals(pdf)).toBe(true)
    expect(response.headers).toMatchObject({ 'content-type': 'application/pdf', 'accept-ranges': 'bytes' })
    expect(response.headers['etag']).toMatch(/^"[0-9a-f]{16}"$/)
    expect(web.bytesSent(url)).toBe(pdf.length)
    expect(web.requestsFor(url)[0]).toMatchObject({ method: 'GET', status: 200, ended: 'whole' })
  })

  it('answers HEAD with the same headers and no body', async () => {
    const { url, pdf } = await twoWorks()
    const response = await ask(web.origin, url, { method: 'HEAD' })
    expect([response.status, response.body.length, response.headers['content-length']]).toEqual([
      200,
      0,
      String(pdf.length)
    ])
  })

  it('serves ranges, refuses impossible ones, and evaluates If-Range', async () => {
    const { url, pdf } = await twoWorks()
    const tag = (await ask(web.origin, url, { method: 'HEAD' })).headers
    const range = (value: string, ifRange?: string) =>
      ask(web.origin, url, {
        headers: { Range: value, ...(ifRange === undefined ? {} : { 'If-Range': ifRange }) }
      })
    const some = await range('bytes=100-199')
    expect([some.status, some.headers['content-range']]).toEqual([206, `bytes 100-199/${pdf.length}`])
    expect(some.body.equals(pdf.subarray(100, 200))).toBe(true)
    expect((await range('bytes=-10')).body.equals(pdf.subarray(-10))).toBe(true)
    expect((await range(`bytes=${pdf.length}-`)).status).toBe(416)
    expect((await range('bytes=100-', tag['etag'])).status).toBe(206)
    expect((await range('bytes=100-', tag['last-modified'])).status).toBe(206)
    expect((await range('bytes=100-', '"other"')).status).toBe(200)
    expect((await range('bytes=100-', `W/${tag['etag']}`)).status).toBe(200)
    expect((await ask(web.origin, url, { headers: { 'If-None-Match': tag['etag']! } })).status).toBe(304)
    expect((await ask(web.origin, url, { headers: { 'If-Match': '"other"' } })).status).toBe(412)
  })

  it('has versions that differ nearly everywhere', async () => {
    const { world } = await twoWorks()
    const copy = world.work('a').copies[0]!
    const [one, two] = [copy.versionBytes(0), copy.versionBytes(1)]
    let same = 0
    for (let at = 2_000; at < 25_000; at += 1) if (one[at] === two[at]) same += 1
    expect(same).toBeLessThan(2_500)
    expect(world.hashes('a').size).toBe(12)
  })
})

describe('control by a test', () => {
  it('holds a stream at a byte and releases it', async () => {
    const { url, pdf } = await twoWorks()
    const hold = web.hold(url, 10_000)
    const coming = ask(web.origin, url)
    await hold.reached
    expect(web.bytesSent(url)).toBe(10_000)
    hold.release()
    expect((await coming).body.equals(pdf)).toBe(true)
  })

  it('throttles a stream', async () => {
    const { url } = await twoWorks()
    web.throttle(80_000, url)
    const began = performance.now()
    await ask(web.origin, url)
    expect(performance.now() - began).toBeGreaterThan(350)
  })

  it('goes down with its active streams, and comes back', async () => {
    const { url } = await twoWorks()
    const hold = web.hold(url, 5_000)
    const coming = ask(web.origin, url)
    await hold.reached
    web.down(true)
    expect((await coming).ended).toBe('ECONNRESET')
    expect((await ask(web.origin, url)).status).toBe(0)
    hold.release()
    web.down(false)
    expect((await ask(web.origin, url)).status).toBe(200)
  })

  it('detects that a client disconnects', async () => {
    const { url } = await twoWorks()
    web.throttle(50_000)
    expect((await ask(web.origin, url, { leaveAfter: 5_000 })).ended).toBe('left')
    await waitFor('the server detects it', () => web.requestsFor(url)[0]!.ended === 'left')
  })

  it('makes a service fail a given number of times', async () => {
    await twoWorks()
    web.addSite(
      failing('https://api.unpaywall.org/', { status: 503, times: 2, headers: { 'Retry-After': '3' } })
    )
    const request = async () => ask(web.origin, 'https://api.unpaywall.org/v2/10.5555/a?email=a@b.example')
    expect((await request()).headers['retry-after']).toBe('3')
    expect((await request()).status).toBe(503)
    expect((await request()).status).toBe(200)
  })

  it('has origins that refuse connections, and origins with untrusted certificates', async () => {
    const started = await startWorld([
      { key: 'x', copies: [{ via: 'unpaywall', misbehave: { kind: 'connection-refused' } }] },
      { key: 'y', copies: [{ via: 'unpaywall', misbehave: { kind: 'tls-refused' } }] }
    ])
    web = started.web
    const to = (key: string) => {
      const origin = new URL(started.world.fileUrl(key)).origin
      return web.connectTo.find((pair) => pair.from === origin)!.to
    }
    expect((await ask(to('x'), started.world.fileUrl('x'))).ended).toBe('ECONNREFUSED')
    await expect(fetch(to('y'))).rejects.toThrow()
    expect(to('y')).toMatch(/^https:/)
    expect(web.connectTo.at(-1)).toEqual({ from: '*', to: web.origin })
  })
})

describe('a world of works', () => {
  it('is deterministic, however large', () => {
    const world = makeWorld(plainWorks(1_000, { via: ['unpaywall', 'arxiv', 'pmc', 'landing_scrape'] }))
    expect(new Set(world.works.map((work) => work.title)).size).toBe(1_000)
    expect(world.pdf('w7').equals(makeWorld(plainWorks(1_000)).pdf('w7'))).toBe(true)
    web = { close: () => Promise.resolve() } as Web
  })

  it('is found by the sources that its copies name, and by no other', async () => {
    const started = await startWorld([
      { key: 'u', copies: [{ via: 'unpaywall' }] },
      { key: 'o', copies: [{ via: 'openalex' }] },
      { key: 'x', arxiv: '2401.00001', copies: [{ via: 'arxiv' }] },
      { key: 'p', pmcid: 'PMC9000001', copies: [{ via: 'pmc' }] },
      { key: 'e', pmcid: 'PMC9000002', copies: [{ via: 'europe_pmc' }] },
      { key: 'l', copies: [{ via: 'landing_scrape' }] },
      { key: 'w', copies: [{ via: 'wayback' }] }
    ])
    web = started.web
    const { world } = started
    const textOf = async (url: string) => (await ask(web.origin, url)).body.toString()
    const asking = (key: string) => {
      const doi = `10.5555/${key}`
      const pmcid = world.work(key).pmcid ?? 'PMC1'
      return {
        unpaywall: `https://api.unpaywall.org/v2/${doi}?email=a@b.example`,
        openalex: `https://api.openalex.org/works/doi:${doi}`,
        pmc: `https://pmc-oa-opendata.s3.amazonaws.com/metadata/${pmcid}.1.json`,
        europe_pmc: `https://www.ebi.ac.uk/europepmc/webservices/rest/search?query=DOI:"${doi}"&format=json`,
        landing_scrape: world.work(key).landingUrl,
        wayback: `https://web.archive.org/cdx/search/cdx?url=www.publisher-${key}.example/article/${key}/lost.pdf&output=json`
      }
    }
    // OpenAlex has had the locations of Unpaywall since 2025; Unpaywall has none of the others'.
    const knows: Partial<Record<string, readonly string[]>> = { openalex: ['openalex', 'unpaywall'] }
    for (const work of world.works) {
      for (const [source, question] of Object.entries(asking(work.key))) {
        const own = work.copies[0]!
        const named = (await textOf(question)).includes(
          own.url.replace('https://pmc-oa-opendata.s3.amazonaws.com/', 's3://pmc-oa-opendata/').slice(0, 60)
        )
        const counts = source === 'wayback' ? (await textOf(question)).includes('lost.pdf') : named
        expect(counts, `${work.key} by ${source}`).toBe((knows[source] ?? [source]).includes(own.via))
      }
      expect((await ask(web.origin, work.copies[0]!.url)).status, work.key).toBe(200)
    }
    expect(await textOf('https://export.arxiv.org/api/query?id_list=2401.00001')).toContain(
      'arxiv.org/pdf/2401.00001v1'
    )
    expect((await ask(web.origin, 'http://arxiv.org/pdf/2401.00001v1')).status).toBe(200)
    expect(web.faults).toEqual([])
  })

  it('pages through OpenAlex with a cursor until the end', async () => {
    const started = await startWorld(plainWorks(7))
    web = started.web
    const seen: string[] = []
    for (let cursor: string | null = '*'; cursor !== null;) {
      const url = `https://api.openalex.org/works?filter=is_oa:true,publication_year:2001-2100&per-page=3&cursor=${encodeURIComponent(cursor)}`
      const page = JSON.parse((await ask(web.origin, url)).body.toString()) as {
        meta: { next_cursor: string | null }
        results: { id: string }[]
      }
      seen.push(...page.results.map((each) => each.id))
      cursor = page.meta.next_cursor
    }
    expect(new Set(seen).size).toBe(7)
    expect((await ask(web.origin, 'https://api.openalex.org/works?filter=nonsense:1')).status).toBe(400)
  })
})
