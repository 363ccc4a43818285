/**
 * G11: a hostile work, service, page or file affects only itself: it gets a reason, and everything else
 * continues. (Services: g11-bad-answers.test.ts; files: g07-only-papers.test.ts.)
 */
import { onTestFinished, describe, expect, test } from 'vitest'
import { ERRORS } from '../../src/contract/errors'
import type { Settings } from '../../src/contract/settings'
import type { WorkDraft } from '../../src/contract/work'
import { answerFile } from '../web/file-answer'
import { startWorld, type World } from '../web/scholarly'
import { html, type Responder } from '../web/service-answers'
import type { Web } from '../web/web'
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

function runDrafts(sheaf: SheafWorld, drafts: readonly WorkDraft[]) {
  return sheaf.sheaf.run({ plan: { drafts, formats: ['pdf'] } }, never)
}

function reasonOf(sheaf: SheafWorld, key: string): unknown {
  return sheaf.sheaf.jobs({}).find((job) => job['work_id'] === `doi:10.5555/${key}`)?.['reason']
}

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

describe('a hostile work affects only itself', () => {
  const facts: readonly [string, WorkDraft][] = [
    [
      'a title of a megabyte',
      { ids: { doi: '10.5555/long' }, facts: { title: 'On and on. '.repeat(100_000) } }
    ],
    [
      'a title of paths and control characters',
      { ids: { doi: '10.5555/evil' }, facts: { title: '../../../etc/passwd\u0000\r\n\u202Egnp.exe CON' } }
    ],
    [
      'a title with an unpaired surrogate',
      { ids: { doi: '10.5555/half' }, facts: { title: 'Broken \uD800 surrogate' } }
    ],
    [
      'ten thousand authors',
      {
        ids: { doi: '10.5555/many' },
        facts: {
          title: 'Collaboration',
          authors: Array.from({ length: 10_000 }, (_, n) => `Author ${String(n)}`)
        }
      }
    ],
    [
      'a DOI with SQL, HTML and URL syntax',
      { ids: { doi: '10.5555/a\'b;drop table--<x>"%00?#&' }, facts: {} }
    ],
    ['a DOI of three thousand characters', { ids: { doi: `10.5555/${'x'.repeat(3_000)}` }, facts: {} }],
    [
      'a location that is not a URL',
      {
        ids: { doi: '10.5555/where' },
        facts: {},
        locations: [
          { pdfUrl: 'not an address' },
          { pdfUrl: 'javascript:alert(1)' },
          { pdfUrl: 'file:///etc/passwd' }
        ]
      }
    ],
    [
      'a location at a private address',
      {
        ids: { doi: '10.5555/inside' },
        facts: {},
        locations: [{ pdfUrl: 'http://127.0.0.1/trap.pdf' }, { pdfUrl: 'http://169.254.169.254/trap.pdf' }]
      }
    ]
  ]

  test('with any content in its record', async () => {
    const setup = await start()
    const { sheaf } = setup
    const summary = await runDrafts(sheaf, [
      draft('10.5555/good'),
      ...facts.map(([, each]) => each),
      draft('10.5555/better')
    ])
    expect(summary.planned).toBe(facts.length + 2)
    expect(summary, JSON.stringify(summary.by_reason)).toMatchObject({ done: 2, failed: facts.length })
    await expectOthersUnaffected(setup)
    await sheaf.reopen()
    expect(sheaf.sheaf.recovery.damage).toBeNull()
    expect(sheaf.sheaf.jobs({})).toHaveLength(facts.length + 2)
  })

  test('its paper, if there is one, is filed under a safe name', async () => {
    const title = '../../../etc/passwd\u0000: a COM1 “study”?'
    const setup = await start([
      { key: 'evil', title: 'Passwords of antiquity', copies: [{ via: 'unpaywall' }] }
    ])
    const { sheaf } = setup
    await runDrafts(sheaf, [
      { ids: { doi: '10.5555/evil' }, facts: { title } },
      draft('10.5555/good'),
      draft('10.5555/better')
    ])
    for (const name of await sheaf.papers()) {
      expect(
        Array.from(name).every((letter) => letter >= ' ' && !'<>:"/\\|?*'.includes(letter)),
        name
      ).toBe(true)
    }
    await expectOthersUnaffected(setup)
  })
})

describe('a landing page', () => {
  const big = Buffer.alloc(30_000_000, '<p>On and on and on about nothing at all.</p>\n')
  const pages: readonly [string, Responder][] = [
    ['of thirty megabytes', html(Buffer.concat([Buffer.from('<!doctype html><title>Long</title>'), big]))],
    [
      'that never ends',
      async (exchange) => {
        exchange.head(200, { 'Content-Type': 'text/html' })
        for (let n = 0; n < 2_000 && !exchange.over; n += 1) await exchange.send(big.subarray(0, 65_536))
        await exchange.end()
      }
    ],
    [
      'of ten thousand links to PDFs',
      html(
        `<!doctype html><title>Links</title>${Array.from({ length: 10_000 }, (_, n) => `<a href="/x${String(n)}.pdf">PDF</a>`).join('')}`
      )
    ],
    ['nested a hundred thousand deep', html(`<!doctype html>${'<div>'.repeat(100_000)}`)],
    [
      'that refreshes to itself',
      html('<!doctype html><meta http-equiv="refresh" content="0; url=?again=1"><title>…</title>')
    ],
    [
      'that names forbidden URLs',
      html(
        '<!doctype html><meta name="citation_pdf_url" content="file:///etc/passwd"><meta name="citation_pdf_url" content="http://[::1]/trap.pdf"><meta name="citation_pdf_url" content="http://">'
      )
    ],
    [
      'of binary data',
      (exchange) => exchange.answer(200, { 'Content-Type': 'text/html' }, Buffer.alloc(50_000, 0x89))
    ],
    [
      'that breaks off',
      (exchange) =>
        answerFile(
          exchange,
          { bytes: big.subarray(0, 90_000), contentType: 'text/html', etag: null, lastModified: null },
          { cutAfter: 40_000, then: 'reset' }
        )
    ]
  ]
  test.each(pages)('%s affects only its own work, at little cost', async (_, play) => {
    const setup = await start([{ key: 'alpha' }])
    const { web, world, sheaf } = setup
    const { host } = new URL(world.work('alpha').landingUrl)
    web.addSite((asked) =>
      new URL(asked.url).host === host && !asked.url.endsWith('robots.txt') ? play : null
    )
    const before = process.memoryUsage().rss
    const summary = await sheaf.run(['10.5555/alpha', '10.5555/good', '10.5555/better'])
    expect(summary, JSON.stringify(summary.by_reason)).toMatchObject({ done: 2, failed: 1 })
    expect(summary.elapsed_ms).toBeLessThan(10_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
    expect(reasonOf(sheaf, 'alpha')).toBeTypeOf('string')
    await expectOthersUnaffected(setup)
  })
})

test('an unexpected exception of a source fails one work and is reported; the others continue', async () => {
  const { web, world } = await startWorld([...good, { key: 'alpha', copies: [{ via: 'unpaywall' }] }])
  onTestFinished(() => web.close())
  let thrown = 0
  const sheaf = await openWorld(web, {
    settings: { 'safety.maxAttempts': 1, 'network.workers': 1 },
    host: (host) => ({
      ...host,
      probe: (name) => {
        if (name !== 'RESOLVE: performed' || thrown > 0) return
        thrown += 1
        throw new TypeError('x is not a function')
      }
    })
  })
  const summary = await sheaf.run(['10.5555/alpha', '10.5555/good', '10.5555/better'])
  expect(summary).toMatchObject({ done: 2, failed: 1, by_reason: { INTERNAL: 1 } })
  expect(sheaf.said.some(({ level }) => level === 'error')).toBe(true)
  // Works are looked up concurrently: one of them fails, the two others are downloaded.
  const filed = new Set((await sheaf.objects()).values())
  for (const key of ['alpha', 'good', 'better']) {
    const isHit = reasonOf(sheaf, key) === 'INTERNAL'
    expect(
      [...world.hashes(key)].some((hash) => filed.has(hash)),
      key
    ).toBe(!isHit)
  }
})
