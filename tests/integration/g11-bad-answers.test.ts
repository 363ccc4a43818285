/**
 * G11, services that talk nonsense: whatever an answer holds, it costs only itself, it gets a name, and
 * everything else goes on.
 */
import { onTestFinished, describe, expect, test } from 'vitest'
import { ERRORS } from '../../src/contract/errors'
import type { Settings } from '../../src/contract/settings'
import { startWorld, type World } from '../web/scholarly'
import { html, json, text, type Responder } from '../web/service-answers'
import type { Site, Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'

interface Story {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
}

const good: readonly WorldWork[] = ['good', 'better'].map((key) => ({ key, copies: [{ via: 'unpaywall' }] }))

async function start(works: readonly WorldWork[] = [], settings: Partial<Settings> = {}): Promise<Story> {
  const { web, world } = await startWorld([...good, ...works])
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web, { settings: { 'safety.maxAttempts': 1, ...settings } }) }
}

const never = new AbortController().signal

/** Every failure has a code of the closed list, and the good ones arrived. */
async function onlyItself({ sheaf, world }: Story): Promise<void> {
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

/** One service answers everything like this; the others are well. */
const saying =
  (host: string, play: Responder): Site =>
  (asked) =>
    new URL(asked.url).host === host ? play : null

const nonsense: readonly [string, Responder][] = [
  ['an error page under 200', html('<!doctype html><title>Oops</title><h1>Something went wrong</h1>')],
  ['half a JSON', text('{"results": [{"doi": "10.5555/alp')],
  ['a JSON of another shape', json({ hello: ['world', null, 7] })],
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
  ['nothing at all', text('')],
  [
    'bytes that are no text',
    (exchange) =>
      exchange.answer(
        200,
        { 'Content-Type': 'application/json' },
        Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3])
      )
  ],
  ['an endless nesting', text('['.repeat(100_000))],
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

describe('a service that talks nonsense', () => {
  test.each(nonsense)('%s: whichever it is, another source still finds the paper', async (what, play) => {
    // The paper is where only one source looks, and that source is well; all others talk nonsense.
    const story = await start([])
    const { web, sheaf } = story
    for (const host of SERVICES.filter((name) => name !== 'api.unpaywall.org'))
      web.addSite(saying(host, play))
    const drafts = ['10.5555/good', '10.5555/better', 'arXiv:2401.00099', 'PMC7654321'].map(draft)
    // arXiv rests after a refusal: its own work waits for it, longer than this test, and no other does.
    const waiting = what === 'a refusal' ? ['arxiv:2401.00099'] : []
    const stop = new AbortController()
    sheaf.sheaf.on(() => {
      if (waiting.length > 0 && sheaf.linesOf('done').length === drafts.length - waiting.length) stop.abort()
    })
    const run = sheaf.sheaf.run({ plan: { drafts, formats: ['pdf'] } }, stop.signal)
    if (waiting.length === 0) expect(await run).toMatchObject({ done: 2 })
    else await run.catch(() => undefined)
    expect(sheaf.linesOf('done').filter(({ state }) => state === 'DEDUPED')).toHaveLength(2)
    const ended = new Set(sheaf.linesOf('done').map((line) => line.work_id))
    expect(drafts.length - ended.size).toBe(waiting.length)
    for (const workId of waiting) expect(ended).not.toContain(workId)
    await onlyItself(story)
  })

  test.each(nonsense)('Unpaywall with %s: the publisher’s page is asked', async (_, play) => {
    const { web, sheaf } = await start([{ key: 'alpha', copies: [{ via: 'landing_scrape' }] }])
    web.addSite(saying('api.unpaywall.org', play))
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 1, failed: 0 })
  })
})

describe('when nothing else is known, the job says it', () => {
  test('sources that nobody understood: not “no open copy”, and asked again', async () => {
    const { web, sheaf } = await start([{ key: 'alpha' }], { 'safety.maxAttempts': 6 })
    // Unpaywall is asked where OpenAlex told nothing: neither is understood.
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
  ])('the address that was given answers %s', async (_, status, body, reason) => {
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

describe('a search that answers badly', () => {
  test.each(nonsense)('%s: it is said by name; what was named beside it is fetched', async (_, play) => {
    const story = await start()
    const { web, sheaf } = story
    web.addSite((asked) => (asked.url.includes('api.openalex.org/works?') ? play : null))
    const asked = {
      drafts: [draft('10.5555/good'), draft('10.5555/better')],
      search: { query: 'rivers', max: 5 },
      formats: ['pdf'] as const
    }
    // Some of it passes as an answer without works; the rest fails the search, and nothing but the search.
    expect(await sheaf.sheaf.run({ plan: asked }, never)).toMatchObject({ done: 2 })
    for (const { code } of sheaf.linesOf('error')) expect(code).toBe('SEARCH_FAILED')
    await onlyItself(story)
  })

  /** A page of the works named, and a cursor to a page that is no answer. */
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

  test('on its second page: what the first one had is planned, and fetched in this very run', async () => {
    const story = await start()
    const { web, sheaf } = story
    web.addSite(failsOnPageTwo('good'))
    const drafts = [draft('10.5555/better')]
    const summary = await sheaf.sheaf.run({ plan: { drafts, search, formats } }, never)
    expect(summary).toMatchObject({ planned: 2, done: 2, failed: 0, by_reason: { SEARCH_FAILED: 1 } })
    expect(sheaf.linesOf('error')).toMatchObject([{ code: 'SEARCH_FAILED' }])
    await onlyItself(story)
  })

  test('on its second page: a plan has its report, and a preview too', async () => {
    const { web, sheaf } = await start()
    web.addSite(failsOnPageTwo('good', 'better'))
    expect(await sheaf.sheaf.preview({ drafts: [], search, formats }, never)).toMatchObject({ works: 2 })
    expect(await sheaf.sheaf.plan({ drafts: [], search, formats }, never)).toMatchObject({ newJobs: 2 })
    expect(sheaf.linesOf('error').map(({ code }) => code)).toEqual(['SEARCH_FAILED', 'SEARCH_FAILED'])
  })

  test('on its first page, and nothing else was asked for: that is an error, not an empty plan', async () => {
    const { web, sheaf } = await start()
    web.addSite(saying('api.openalex.org', text('{{{')))
    const asked = { drafts: [], search, formats }
    await expect(sheaf.sheaf.plan(asked, never)).rejects.toMatchObject({ code: 'SEARCH_FAILED' })
    await expect(sheaf.sheaf.run({ plan: asked }, never)).rejects.toMatchObject({ code: 'SEARCH_FAILED' })
    expect(sheaf.linesOf('error')).toEqual([])
  })
})
