/**
 * --dry-run and --list-only print what would be fetched, in order, and write no job, no row and no file, with
 * the switch on or off.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { startWorld } from '../web/scholarly'
import { openLedgerFile } from '../kit/ledger-file'
import { draft, openWorld } from '../kit/sheaf-world'

const never = new AbortController().signal

test.each(['on', 'off'] as const)(
  'switch %s: all candidates are printed, nothing is written',
  async (position) => {
    const { web, world } = await startWorld([
      {
        key: 'alpha',
        arxiv: '2401.00031',
        copies: [{ via: 'unpaywall' }, { via: 'arxiv' }, { via: 'landing_scrape' }]
      },
      { key: 'beta', copies: [{ via: 'openalex' }] },
      { key: 'none' }
    ])
    onTestFinished(() => web.close())
    const sheaf = await openWorld(web, { settings: { 'safety.switch': position } })
    const before = await readdir(sheaf.libraryDir, { recursive: true })
    const drafts = ['10.5555/alpha', '10.5555/beta', '10.5555/none'].map(draft)
    const report = await sheaf.sheaf.preview({ drafts, formats: ['pdf'] }, never)
    const candidates = sheaf.linesOf('candidate')
    expect(report).toEqual({ works: 3, candidates: candidates.length, forecast: null })
    const asked = new Set(sheaf.linesOf('attempt').map((line) => line.work_id))
    expect(asked).toEqual(new Set(drafts.map(({ ids }) => `doi:${String(ids.doi)}`)))
    const ofAlpha = candidates.filter((line) => line.work_id === 'doi:10.5555/alpha')
    expect(ofAlpha.map((line) => line.rank)).toEqual(ofAlpha.map((_, index) => index + 1))
    expect(ofAlpha.map((line) => line.url)).toContain(world.fileUrl('alpha', 'unpaywall'))
    expect(ofAlpha.map((line) => line.url)).toContain(world.fileUrl('alpha', 'landing_scrape'))
    expect(candidates.filter((line) => line.work_id === 'doi:10.5555/none')).toEqual([])
    const files = [...world.works].flatMap((work) => work.copies.map((copy) => copy.url))
    expect(
      web.requests.filter(({ url }) => files.includes(url)),
      'no file is requested'
    ).toEqual([])

    expect(sheaf.sheaf.jobs({})).toEqual([])
    expect(await readdir(sheaf.libraryDir, { recursive: true })).toEqual(before)
    await sheaf.reopen()
    const ledger = await openLedgerFile(sheaf.dataDir)
    onTestFinished(() => {
      ledger.close()
    })
    for (const table of [
      'artifact_jobs',
      'artifact_ops',
      'works',
      'work_names',
      'artifacts',
      'attempts',
      'runs'
    ]) {
      expect(ledger.value(`SELECT count(*) FROM ${table}`), table).toBe(0)
    }
    expect(await readdir(join(sheaf.libraryDir, '.sheaf', 'staging'))).toEqual([])
  }
)

test('the candidate ranked first is the one that a run fetches', async () => {
  const { web } = await startWorld([
    { key: 'alpha', copies: [{ via: 'openalex' }, { via: 'unpaywall' }, { via: 'landing_scrape' }] }
  ])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web)
  await sheaf.sheaf.preview({ drafts: [draft('10.5555/alpha')], formats: ['pdf'] }, never)
  const [first] = sheaf.linesOf('candidate')
  await sheaf.run(['10.5555/alpha'])
  expect(sheaf.stored()[0]?.provenance.url).toBe(first!.url)
})

test('a dry run resolves as a run does and predicts its result; the run matches the prediction', async () => {
  const at = (key: string): string => `https://one.example/${key}.pdf`
  const { web } = await startWorld([
    {
      key: 'alpha',
      copies: [{ via: 'openalex', url: at('alpha'), license: 'cc-by' }, { via: 'landing_scrape' }]
    },
    { key: 'beta', copies: [{ via: 'openalex', url: at('beta') }] },
    { key: 'gamma', arxiv: '2401.00031', doi: null, copies: [{ via: 'arxiv' }] },
    { key: 'none', landing: 'none' }
  ])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web, { settings: { 'network.rates': { '*': 2, 'api.openalex.org': 50 } } })
  const names = ['10.5555/alpha', '10.5555/beta', 'arXiv:2401.00031', '10.5555/none']
  const request = { drafts: names.map(draft), formats: ['pdf' as const], onlyFirst: true }
  const report = await sheaf.sheaf.preview(request, never)
  const expected = sheaf.linesOf('expected')
  expect(expected.map((line) => line.source)).toEqual(['openalex', 'openalex', 'arxiv', null])
  const [alpha, beta] = expected
  expect(alpha).toMatchObject({
    host: 'one.example',
    version: 'publishedVersion',
    license: 'cc-by',
    price_usd: 0
  })
  // The second file at the same host waits: two requests per second are allowed.
  expect((beta?.wait_ms ?? 0) - (alpha?.wait_ms ?? 0)).toBe(500)
  expect(report.forecast).toMatchObject({ works: 4, expected: 3, paid_usd: 0 })
  expect(report.forecast?.finish_ms).toBeGreaterThan(0)
  expect(sheaf.linesOf('forecast')).toHaveLength(1)
  // No page is opened for a paper that already has a file.
  expect(web.requests.filter(({ url }) => url.includes('doi.org/10.5555/alpha'))).toEqual([])

  const summary = await sheaf.run(names)
  expect(summary).toMatchObject({ done: 3, forecast: { works: 4, expected: 3 } })
}, 90_000)
