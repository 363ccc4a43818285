/**
 * Named lists and the retrieval report: a list keeps its content when it is planned again, and the report's
 * numbers add up in every format.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { flowDiagram } from '../../src/main/insights/report/flow-diagram'
import { writeReport } from '../../src/main/insights/report/write-report'
import type { RetrievalReport } from '../../src/main/sheaf-api'
import { readReferences } from '../../src/main/works/works'
import { runCli } from '../kit/run-cli'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { startWorld } from '../web/scholarly'

const never = new AbortController().signal

const BIB = `@article{rivera2020, title = {Alpha}, doi = {10.5555/alpha}}
@article{okafor2021, title = {Beta}, doi = {10.5555/beta}}
@article{lund2022, title = {Gamma}, doi = {10.5555/gamma}}
@article{lundAgain, title = {Gamma}, doi = {10.5555/GAMMA}}
`
const OTHER = `TY  - JOUR
TI  - Alpha again
DO  - 10.5555/alpha
ER  -
TY  - JOUR
TI  - Delta
DO  - 10.5555/delta
ER  -
`

async function reviewed(): Promise<{ sheaf: SheafWorld; report: RetrievalReport }> {
  const { web } = await startWorld([
    { key: 'alpha', copies: [{ via: 'unpaywall' }] },
    { key: 'beta', copies: [{ via: 'unpaywall', misbehave: { kind: 'html-login' } }] },
    { key: 'gamma' },
    { key: 'delta', copies: [{ via: 'landing_scrape' }] }
  ])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web, { settings: { 'safety.maxAttempts': 1 } })
  const refused = [{ origin: 'refs.bib', place: '9', because: 'No identifier.' }]
  const plan = async (text: string, name: string): Promise<void> => {
    const { drafts: first, repeats } = readReferences(Buffer.from(text), name)
    const drafts = [...first, ...repeats]
    await sheaf.sheaf.run(
      { plan: { drafts, formats: ['pdf'], list: { name: 'My  review', refused } } },
      never
    )
  }
  await plan(BIB, 'refs.bib')
  await plan(OTHER, 'more.ris')
  await plan(BIB, 'refs.bib')
  await sheaf.run(['10.5555/elsewhere'])
  return { sheaf, report: sheaf.sheaf.report('My review') }
}

describe('a named list', () => {
  test('counts every entry once, and its report adds up', async () => {
    const { sheaf, report } = await reviewed()
    expect(report).toMatchObject({
      list: 'My review',
      records: 7,
      refused: 1,
      duplicates: 2,
      sought: 4,
      retrieved: 2,
      not_retrieved: 2
    })
    expect(report.records).toBe(report.sought + report.duplicates + report.refused)
    const sum = (counts: Readonly<Record<string, number>>): number =>
      Object.values(counts).reduce((all, one) => all + one, 0)
    expect(sum(report.by_reason)).toBe(report.not_retrieved)
    expect(sum(report.by_source)).toBe(report.retrieved)
    // OpenAlex has the locations of Unpaywall, which is not asked about works that OpenAlex knows.
    expect(report.by_source).toEqual({ openalex: 1, landing_scrape: 1 })
    const byKey = new Map(report.works.map((work) => [work.key, work]))
    expect(byKey.get('rivera2020')).toMatchObject({
      work_id: 'doi:10.5555/alpha',
      outcome: 'retrieved',
      source: 'openalex',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string
    })
    expect(byKey.get('lund2022')).toMatchObject({ outcome: 'not_retrieved', reason: 'NO_OPEN_COPY' })
    expect(byKey.get('lund2022')!.asked).toContain('openalex')
    expect(sheaf.sheaf.report(null).sought).toBe(5)
    expect(sheaf.sheaf.lists()).toMatchObject([{ name: 'My review', works: 4, records: 7 }])
    expect(sheaf.sheaf.jobs({ list: 'My review' })).toHaveLength(4)
    expect([...sheaf.sheaf.library('My review')]).toHaveLength(2)
    expect(sheaf.sheaf.status('My review')).toMatchObject({ artifacts: 2 })
    expect(await sheaf.sheaf.retry({ list: 'My review' })).toBe(2)
    expect(() => sheaf.sheaf.report('Other')).toThrow(/no list “Other”.*“My review”/i)
    await sheaf.reopen()
    expect(sheaf.sheaf.report('My review')).toMatchObject({ sought: 4, duplicates: 2 })
  })

  test('loses nothing to another file of the same name, and an edited file adds its new entries', async () => {
    const { web } = await startWorld([{ key: 'alpha' }])
    onTestFinished(() => web.close())
    const { sheaf } = await openWorld(web)
    const plan = async (text: string): Promise<RetrievalReport> => {
      const { drafts, repeats } = readReferences(Buffer.from(text), 'export.txt')
      const all = [...drafts, ...repeats].sort((a, b) => (a.origin?.line ?? 0) - (b.origin?.line ?? 0))
      await sheaf.plan({ drafts: all, formats: ['pdf'], list: { name: 'x' } }, never)
      return sheaf.report('x')
    }
    expect(await plan('10.5555/one\n10.5555/two')).toMatchObject({ records: 2, sought: 2 })
    expect(await plan('10.5555/three\n10.5555/four')).toMatchObject({ records: 4, sought: 4 })
    // A line inserted at the top moves all others; two identifiers in a line are two records.
    expect(await plan('10.5555/zero 10.5555/five\n10.5555/one\n10.5555/two')).toMatchObject({
      records: 6,
      sought: 6,
      duplicates: 0
    })
  })

  test('is refused while the ledger is off', async () => {
    const { web } = await startWorld([{ key: 'alpha' }])
    onTestFinished(() => web.close())
    const sheaf = await openWorld(web, { settings: { 'safety.switch': 'off' } })
    const plan = { drafts: [draft('10.5555/alpha')], formats: ['pdf'] as const, list: { name: 'x' } }
    await expect(sheaf.sheaf.plan(plan, never)).rejects.toMatchObject({ code: 'BAD_OPTION' })
  })
})

const hostile: RetrievalReport = {
  list: '<script>alert(1)</script> & "quotes"',
  generated_at: '2026-01-02T03:04:05Z',
  first_date: '2026-01-01T00:00:00Z',
  last_date: null,
  records: 2,
  duplicates: 0,
  refused: 0,
  sought: 2,
  retrieved: 0,
  not_retrieved: 2,
  by_reason: { NO_OPEN_COPY: 1, '<img src=x onerror=alert(1)>': 1 },
  by_source: {},
  asked_by_source: { unpaywall: 2 },
  by_version: {},
  by_year: { '2020': { sought: 2, retrieved: 0 } },
  by_publisher: {},
  by_license: {},
  refused_entries: [],
  works: ['=HYPERLINK("http://evil.example","x")', '<b>bold</b>\u0000'].map((title) => ({
    work_id: 'doi:10.5555/x',
    title,
    authors: ['@SUM(A1)'],
    year: 2020,
    venue: null,
    doi: null,
    outcome: 'not_retrieved' as const,
    reason: 'NO_OPEN_COPY',
    date: null,
    asked: ['unpaywall']
  }))
}

test('no title can inject markup or a formula, and the page needs no other file', () => {
  const page = writeReport(hostile, 'html')
  expect(page).not.toMatch(/<script|<img|<b>|onerror=alert\(1\)>/)
  expect(page).not.toContain('\u0000')
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toMatch(/<[^>]*(?:src|href)=/)
  expect(flowDiagram(hostile)).not.toMatch(/<script|<img/)
  const csv = writeReport(hostile, 'csv')
  expect(csv).not.toMatch(/(?:^|[,\n])"?[=@+]/)
  expect(csv.trimEnd().split('\r\n')).toHaveLength(3)
})

test('on the command line: lists, and a report in each format', async () => {
  const home = tempFolder('home')
  const bib = join(home, 'refs.bib')
  writeFileSync(bib, BIB)
  const here = ['--data-dir', join(home, 'd'), '--out', join(home, 'o'), '--enable-idempotency']
  expect((await runCli(['plan', '--from', bib, '--list', 'R 1', '--json', ...here])).status).toBe(0)
  const report = await runCli(['report', '--list', 'R 1', '--format', 'json', ...here])
  expect(JSON.parse(report.stdout)).toMatchObject({
    sought: 3,
    retrieved: 0,
    not_retrieved: 3,
    records: 4,
    duplicates: 1,
    by_reason: { PENDING: 3 },
    works: [{ key: 'rivera2020' }, { key: 'okafor2021' }, { key: 'lund2022' }]
  })
  const gone = await runCli(['report', '--list', 'R 2', '--format', 'json', '--json', ...here])
  expect(gone.lines).toMatchObject([{ type: 'error', code: 'NO_SUCH_LIST' }])
}, 120_000)
