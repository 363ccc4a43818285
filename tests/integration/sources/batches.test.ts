/**
 * Batched look-ups before the queue: many works in few requests; a failed batch is halved; recorded answers
 * are not requested again after a kill.
 */
import { expect, onTestFinished, test } from 'vitest'
import { startWorld } from '../../web/scholarly'
import type { WorldWork } from '../../web/works'
import { openLedgerFile } from '../../kit/ledger-file'
import { openWorld } from '../../kit/sheaf-world'

const many = (count: number, from = 0): WorldWork[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `b${index + from}`,
    copies: [{ via: 'openalex' as const }]
  }))
const asked = (web: { requests: readonly { url: string }[] }, part: string): string[] =>
  web.requests.map((one) => one.url).filter((url) => url.includes(part))

test('sixty works of every kind cost a handful of look-ups, and all are downloaded', async () => {
  const works: WorldWork[] = [
    ...many(50),
    ...[1, 2, 3].map((n) => ({
      key: `x${n}`,
      doi: null,
      arxiv: `2401.0000${n}`,
      copies: [{ via: 'arxiv' as const }]
    })),
    ...[1, 2, 3].map((n) => ({ key: `p${n}`, pmcid: `PMC91000${n}`, copies: [{ via: 'pmc' as const }] })),
    ...[1, 2].map((n) => ({
      key: `m${n}`,
      pmid: `3900${n}`,
      pmcid: `PMC92000${n}`,
      copies: [{ via: 'pmc' as const }]
    })),
    { key: 'c1', copies: [{ via: 'crossref', url: 'https://press.example/c1.pdf' }] }
  ]
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web)
  const names = world.works.map((work) =>
    work.key.startsWith('x')
      ? `arXiv:${work.arxiv ?? ''}`
      : work.key.startsWith('p')
        ? (work.pmcid ?? '')
        : work.key.startsWith('m')
          ? `pmid:${work.pmid ?? ''}`
          : (work.doi ?? '')
  )
  const summary = await sheaf.run(names)
  expect(summary).toMatchObject({ done: 59, failed: 0 })
  expect(asked(web, 'api.openalex.org').length).toBeLessThanOrEqual(4)
  expect(asked(web, 'api.openalex.org/works?filter=doi:')[0]).toMatch(/&per_page=100&select=id,doi,/)
  expect(asked(web, 'idconv').length).toBeLessThanOrEqual(3)
  expect(asked(web, 'export.arxiv.org')).toEqual([
    'https://export.arxiv.org/api/query?id_list=2401.00001,2401.00002,2401.00003&max_results=3'
  ])
  expect(asked(web, 'api.crossref.org').length).toBeLessThanOrEqual(2)
  expect(asked(web, 'api.unpaywall.org')).toEqual([])
  expect(asked(web, 'mailto').every((url) => url.includes('api.crossref.org'))).toBe(true)
  const attempts = sheaf
    .linesOf('attempt')
    .filter((line) => line.source === 'openalex' && line.url?.includes('filter='))
  expect(attempts.length, 'each work has its own row').toBeGreaterThanOrEqual(50)
  await sheaf.reopen()
  const ledger = await openLedgerFile(sheaf.dataDir)
  onTestFinished(() => {
    ledger.close()
  })
  // A work that was asked about alone has its address in its row.
  const shared = `SELECT count(*) > 40 FROM attempt_rows r JOIN attempts a USING (attempt_id)
    WHERE a.url LIKE '%filter=%' AND typeof(r.url) = 'integer'`
  expect(ledger.value(shared)).toBe(1)
}, 60_000)

test('a failed batch is halved until the faulty work is alone', async () => {
  const { web, world } = await startWorld(many(20))
  onTestFinished(() => web.close())
  const poison = world.work('b7').doi ?? ''
  web.addSite((question) =>
    question.url.includes('filter=doi:') &&
    question.url.includes('openalex') &&
    question.url.includes(`${poison}|`)
      ? (exchange) => exchange.answer(400, { 'Content-Type': 'application/json' }, '{"error":"no"}')
      : null
  )
  const sheaf = await openWorld(web)
  const summary = await sheaf.run(world.works.map((work) => work.doi ?? ''))
  expect(summary).toMatchObject({ done: 20, failed: 0 })
  expect(asked(web, 'openalex.org/works?filter').length).toBeLessThanOrEqual(12)
}, 60_000)

test('answers recorded before a kill are not requested again', async () => {
  const { web, world } = await startWorld(many(12))
  onTestFinished(() => web.close())
  // The first file never ends: the run is stopped when every look-up is answered and no job is done.
  for (const work of world.works) web.hold(world.fileUrl(work.key), 10)
  const sheaf = await openWorld(web, { settings: { 'network.workers': 1 } })
  const stop = new AbortController()
  const off = web.on('request', (request) => {
    if (request.url.includes('archive-')) stop.abort(new Error('the process dies'))
  })
  await sheaf
    .run(
      world.works.map((work) => work.doi ?? ''),
      stop.signal
    )
    .catch(() => undefined)
  off()
  expect(asked(web, 'openalex.org/works?filter').length).toBe(1)
  for (const work of world.works) web.hold(world.fileUrl(work.key), 10).release()
  await sheaf.reopen()
  const summary = await sheaf.run()
  expect(summary.failed).toBe(0)
  expect(asked(web, 'openalex.org').length).toBe(1)
}, 60_000)
