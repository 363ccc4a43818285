/**
 * G11, services with invalid responses: a bad response affects only itself, gets an error code, and
 * everything else continues.
 */
import { onTestFinished, describe, expect, test } from 'vitest'
import { ERRORS } from '../../src/contract/errors'
import type { Settings } from '../../src/contract/settings'
import { startWorld, type World } from '../web/scholarly'
import { html, json, text, type Responder } from '../web/service-answers'
import type { Site, Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
}

const good: readonly WorldWork[] = ['good', 'better'].map((key) => ({ key, copies: [{ via: 'unpaywall' }] }))

async function start(works: readonly WorldWork[] = [], settings: Partial<Settings> = {}): Promise<Setup> {
  const { web, world } = await startWorld([...good, ...works])
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web, { settings: { 'safety.maxAttempts': 1, ...settings } }) }
}

const never = new AbortController().signal

/** Every failure has a code of the contract, and the other works were downloaded. */
async function expectOthersUnaffected({ sheaf, world }: Setup): Promise<void> {
  for (const job of sheaf.sheaf.jobs({ state: ['FAILED'] })) {
    expect(Object.keys(ERRORS)).toContain(job['reason'])
    expect(job['reason'], String(job['work_id'])).not.toBe('INTERNAL')
  }
  const filed = new Set((await sheaf.objects()).values())
  for (const { key } of good) {
    expect(
      [...world.hashes(key)].some((hash) => filed.has(hash)),
      key
    ).toBe(true)
  }
  expect(sheaf.said.filter(({ level }) => level === 'error')).toEqual([])
}

/** One service answers every request like this; the others work. */
const saying =
  (host: string, play: Responder): Site =>
  (asked) =>
    new URL(asked.url).host === host ? play : null

const invalidResponses: readonly [string, Responder][] = [
  ['an error page under 200', html('<!doctype html><title>Oops</title><h1>Something went wrong</h1>')],
  ['truncated JSON', text('{"results": [{"doi": "10.5555/alp')],
  ['JSON of another shape', json({ hello: ['world', null, 7] })],
  ['a bare null', json(null)],
  ['a number', json(42)],
  [
    'fields of wrong types',
    json({
      doi: 7,
      best_oa_location: 'yes',
      oa_locations: 'none',
      locations: 3,
      results: {},
      ids: [],
      resultList: null,
      title: ['x'],
      authorships: 'me'
    })
  ],
  ['an empty body', text('')],
  [
    'invalid UTF-8',
    (exchange) =>
      exchange.answer(
        200,
        { 'Content-Type': 'application/json' },
        Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3])
      )
  ],
  ['deep nesting', text('['.repeat(100_000))],
  ['a refusal', json({ error: true }, 403)]
]
const SERVICES = [
  'api.unpaywall.org',
  'api.openalex.org',
  'export.arxiv.org',
  'www.ebi.ac.uk',
  'www.ncbi.nlm.nih.gov',
  'doi.org',
  'web.archive.org'
]

describe('a service with invalid responses', () => {
  test.each(invalidResponses)(
    '%s: whichever service it is, another source finds the paper',
    async (what, play) => {
      // Only one source has the paper, and it works; all others return invalid responses.
      const setup = await start([])
      const { web, sheaf } = setup
      for (const host of SERVICES.filter((name) => name !== 'api.unpaywall.org'))
        web.addSite(saying(host, play))
      const drafts = ['10.5555/good', '10.5555/better', 'arXiv:2401.00099', 'PMC7654321'].map(draft)
      // arXiv rests after a refusal: only works on arXiv wait for it, longer than this test.
      const waiting = what === 'a refusal' ? ['arxiv:2401.00099'] : []
      const stop = new AbortController()
      sheaf.sheaf.on(() => {
        if (waiting.length > 0 && sheaf.linesOf('done').length === drafts.length - waiting.length)
          stop.abort()
      })
      const run = sheaf.sheaf.run({ plan: { drafts, formats: ['pdf'] } }, stop.signal)
      if (waiting.length === 0) expect(await run).toMatchObject({ done: 2 })
      else await run.catch(() => undefined)
      expect(sheaf.linesOf('done').filter(({ state }) => state === 'DEDUPED')).toHaveLength(2)
      const ended = new Set(sheaf.linesOf('done').map((line) => line.work_id))
      expect(drafts.length - ended.size).toBe(waiting.length)
      for (const workId of waiting) expect(ended).not.toContain(workId)
      await expectOthersUnaffected(setup)
    }
  )

  test.each(invalidResponses)('Unpaywall with %s: the publisher’s page is used', async (_, play) => {
    const { web, sheaf } = await start([{ key: 'alpha', copies: [{ via: 'landing_scrape' }] }])
    web.addSite(saying('api.unpaywall.org', play))
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 1, failed: 0 })
  })
})

describe('when nothing else is known, the job states the failure', () => {
  test('sources without a valid response: not “no open copy”, and asked again', async () => {
    const { web, sheaf } = await start([{ key: 'alpha' }], { 'safety.maxAttempts': 6 })
    // Unpaywall is asked where OpenAlex returned nothing; neither response is valid.
    for (const host of ['api.openalex.org', 'api.unpaywall.org'])
      web.addSite(saying(host, text('<html>gateway</html>')))
    await sheaf.sheaf.plan({ drafts: [draft('10.5555/alpha')], formats: ['pdf'] }, never)
    const stop = new AbortController()
    sheaf.sheaf.on((line) => {
      if (line.type === 'state' && line.to === 'FAILED') stop.abort()
    })
    await sheaf.sheaf.run({}, stop.signal).catch(() => undefined)
    const [job] = sheaf.sheaf.jobs({})
    expect(job).toMatchObject({ reason: 'BAD_ANSWER', next_attempt_at: expect.any(Number) as number })
  })

  test.each([
    ['nothing', 200, '', 'EMPTY'],
    ['other bytes', 200, Buffer.alloc(5_000, 0x89), 'NOT_PDF'],
    ['a refusal', 403, 'no', 'FORBIDDEN'],
    ['that it is gone', 410, 'gone', 'NOT_FOUND']
  ])('the URL given by the user returns %s', async (_, status, body, reason) => {
    const { web, sheaf } = await start()
    web.addSite((asked) =>
      asked.url === 'https://given.example/some/paper'
        ? (exchange) => exchange.answer(status, { 'Content-Type': 'application/pdf' }, body)
        : null
    )
    await sheaf.run(['https://given.example/some/paper'])
    expect(sheaf.sheaf.jobs({})).toMatchObject([{ reason }])
  })
})

describe('a search with an invalid response', () => {
  test.each(invalidResponses)(
    '%s: the failure is reported with a code; papers given beside the search are fetched',
    async (_, play) => {
      const setup = await start()
      const { web, sheaf } = setup
      web.addSite((asked) => (asked.url.includes('api.openalex.org/works?') ? play : null))
      const asked = {
        drafts: [draft('10.5555/good'), draft('10.5555/better')],
        search: { query: 'rivers', max: 5 },
        formats: ['pdf'] as const
      }
      // Some of these pass as a response without works; the others fail the search and nothing else.
      expect(await sheaf.sheaf.run({ plan: asked }, never)).toMatchObject({ done: 2 })
      for (const { code } of sheaf.linesOf('error')) expect(code).toBe('SEARCH_FAILED')
      await expectOthersUnaffected(setup)
    }
  )

  /** A page of the given works, and a cursor to an invalid page. */
  const failsOnPageTwo = (...keys: string[]): Site => {
    const results = keys.map((key) => ({ doi: `https://doi.org/10.5555/${key}`, title: `About ${key}` }))
    return (asked) => {
      if (!asked.url.includes('api.openalex.org/works?')) return null
      const isFirst = new URL(asked.url).searchParams.get('cursor') === '*'
      return isFirst ? json({ meta: { count: 4, next_cursor: 'b' }, results }) : text('{{{')
    }
  }
  const search = { query: 'rivers' }
  const formats = ['pdf'] as const

  test('on its second page: the works of the first page are planned and fetched in the same run', async () => {
    const setup = await start()
    const { web, sheaf } = setup
    web.addSite(failsOnPageTwo('good'))
    const drafts = [draft('10.5555/better')]
    const summary = await sheaf.sheaf.run({ plan: { drafts, search, formats } }, never)
    expect(summary).toMatchObject({ planned: 2, done: 2, failed: 0, by_reason: { SEARCH_FAILED: 1 } })
    expect(sheaf.linesOf('error')).toMatchObject([{ code: 'SEARCH_FAILED' }])
    await expectOthersUnaffected(setup)
  })

  test('on its second page: a plan has its report, and so does a preview', async () => {
    const { web, sheaf } = await start()
    web.addSite(failsOnPageTwo('good', 'better'))
    expect(await sheaf.sheaf.preview({ drafts: [], search, formats }, never)).toMatchObject({ works: 2 })
    expect(await sheaf.sheaf.plan({ drafts: [], search, formats }, never)).toMatchObject({ newJobs: 2 })
    expect(sheaf.linesOf('error').map(({ code }) => code)).toEqual(['SEARCH_FAILED', 'SEARCH_FAILED'])
  })

  test('on its first page, with nothing else requested: an error, not an empty plan', async () => {
    const { web, sheaf } = await start()
    web.addSite(saying('api.openalex.org', text('{{{')))
    const asked = { drafts: [], search, formats }
    await expect(sheaf.sheaf.plan(asked, never)).rejects.toMatchObject({ code: 'SEARCH_FAILED' })
    await expect(sheaf.sheaf.run({ plan: asked }, never)).rejects.toMatchObject({ code: 'SEARCH_FAILED' })
    expect(sheaf.linesOf('error')).toEqual([])
  })
})
