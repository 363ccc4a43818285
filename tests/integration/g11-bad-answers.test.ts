/**
 * G11, services that talk nonsense: whatever an answer holds, it costs only itself, it gets a name, and
 * everything else goes on.
 */
import { onTestFinished, describe, expect, test } from 'vitest'
import { ERRORS } from '../../src/contract/errors'
import type { Settings } from '../../src/contract/settings'
import { startWorld, type World } from '../web/scholarly'
import { html, json, text, type Performance } from '../web/service-answers'
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
  (host: string, play: Performance): Site =>
  (asked) =>
    new URL(asked.url).host === host ? play : null

const nonsense: readonly [string, Performance][] = [
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
  test.each(nonsense)('%s: whichever it is, another source still finds the paper', async (_, play) => {
    // The paper is where only one source looks, and that source is well; all others talk nonsense.
    const story = await start([])
    const { web, sheaf } = story
    for (const host of SERVICES.filter((name) => name !== 'api.unpaywall.org'))
      web.addSite(saying(host, play))
    expect(
      await sheaf.run(['10.5555/good', '10.5555/better', 'arXiv:2401.00099', 'PMC7654321'])
    ).toMatchObject({ done: 2 })
    await onlyItself(story)
  })

  test.each(nonsense)('Unpaywall with %s: the publisher’s page is asked', async (_, play) => {
    const { web, sheaf } = await start([{ key: 'alpha', copies: [{ via: 'landing_scrape' }] }])
    web.addSite(saying('api.unpaywall.org', play))
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 1, failed: 0 })
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
    const outcome = await sheaf.sheaf.run({ plan: asked }, never).then(
      () => 'ran',
      (error: unknown) => error
    )
    if (outcome !== 'ran') {
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^[A-Z_0-9]+$/) as string })
      expect((outcome as { code: string }).code).not.toMatch(/INTERNAL|BROKEN_INVARIANT/)
    }
    // What was planned before the search failed is on disk, and the next run fetches it.
    await sheaf.sheaf.run({}, never)
    await onlyItself(story)
  })
})
