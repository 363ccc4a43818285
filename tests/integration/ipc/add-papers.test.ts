/**
 * Add papers: everything pasted becomes a row, nothing is planned before the user confirms, and the preview
 * is fast.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import { readFilesIntoPreview } from '../../../src/main/ipc/read-preview'
import { tempFolder } from '../../kit/temp-folder'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld } from './ipc-world'

const BIBTEX = `@article{a, title={Slow rivers}, author={Abbott, Ann and Berger, Bo}, year={2001}, doi={10.5555/alpha}}
@article{b, title={Only a title}, year={2002}}
`

async function start() {
  const { web } = await startWorld([
    { key: 'alpha', copies: [{ via: 'unpaywall' }] },
    { key: 'beta', copies: [{ via: 'unpaywall' }] }
  ])
  onTestFinished(() => web.close())
  return openIpcWorld(web)
}

describe('pasted text', () => {
  test('is recognised by its content, whatever its format', async () => {
    const world = await start()
    const kinds = async (text: string): Promise<readonly (string | null)[]> => {
      const { rows } = await world.ask('plan.read', { text })
      return rows.map((row) => `${row.kind} ${String(row.identifier)} ${String(row.title)}`)
    }
    expect(await kinds('10.5555/alpha\narXiv:2401.00001v2\nPMID: 12345\nhttps://example.org/x.pdf')).toEqual([
      'new 10.5555/alpha null',
      'new arXiv:2401.00001 null',
      'new PMID 12345 null',
      'new https://example.org/x.pdf null'
    ])
    expect(await kinds(BIBTEX)).toEqual(['new 10.5555/alpha Slow rivers', 'not_understood null Only a title'])
    expect(await kinds('TY  - JOUR\nTI  - Quick rivers\nDO  - 10.5555/beta\nER  - \n')).toEqual([
      'new 10.5555/beta Quick rivers'
    ])
    expect(
      await kinds('[{"id":"x","type":"article-journal","title":"Old rivers","DOI":"10.5555/beta"}]')
    ).toEqual(['new 10.5555/beta Old rivers'])
    expect(await kinds('   \n')).toEqual([])
    // The preview planned nothing.
    expect(await world.ask('jobs.counts', {})).toMatchObject({ all: 0 })
  })

  test('keeps line and reason of unrecognised text, and names known papers', async () => {
    const world = await start()
    await world.ask('run.pause', {})
    await world.plan(['10.5555/alpha'])
    const preview = await world.ask('plan.read', {
      text: 'doi:10.5555/ALPHA\n\nnothing to see\nhttps://doi.org/10.5555/beta\n10.5555/beta'
    })
    expect(preview.counts).toMatchObject({ planned: 1, new: 1, not_understood: 1 })
    expect(preview.repeated).toBe(1)
    expect(preview.rows).toMatchObject([
      { kind: 'planned', identifier: '10.5555/alpha', line: 1, origin: 'Pasted text' },
      {
        kind: 'not_understood',
        line: 3,
        text: 'nothing to see',
        because: 'No DOI or other identifier found.'
      },
      { kind: 'new', identifier: '10.5555/beta', line: 4 }
    ])
    const job = preview.rows[0]?.jobId ?? ''
    expect(await world.ask('jobs.detail', { jobId: job })).toMatchObject({ job: { jobId: job } })
  })

  test('is planned only on confirmation, without the excluded rows, and once', async () => {
    const world = await start()
    await world.ask('run.pause', {})
    const { previewId, rows } = await world.ask('plan.read', { text: '10.5555/alpha\n10.5555/beta' })
    const planned = await world.ask('plan.commit', { previewId, leaveOut: [rows[1]?.index ?? -1] })
    expect(planned).toMatchObject({ newJobs: 1, existingJobs: 0 })
    expect(await world.ask('jobs.counts', {})).toMatchObject({ all: 1, waiting: 1 })
    expect(await world.refusal('plan.commit', { previewId })).toMatchObject({ code: 'NO_SUCH_PREVIEW' })
    expect(await world.refusal('plan.rows', { previewId, offset: 0, limit: 1 })).toMatchObject({
      code: 'NO_SUCH_PREVIEW'
    })
  })

  test('adds all its works to a list: existing papers, duplicates, and records without a paper', async () => {
    const world = await start()
    await world.ask('run.pause', {})
    await world.plan(['10.5555/alpha', '10.5555/other'])
    const text = '10.5555/alpha\n10.5555/beta\nnothing to see\ndoi:10.5555/BETA'
    const add = async (given: string): Promise<unknown> => {
      const { previewId } = await world.ask('plan.read', { text: given })
      return world.ask('plan.commit', { previewId, list: ' My  review' })
    }
    expect(await add(text)).toMatchObject({ newJobs: 1, existingJobs: 1 })
    expect(world.events.lists).toHaveLength(1)
    const report = { records: 4, sought: 2, refused: 1 }
    expect(world.session.sheaf.report('My review')).toMatchObject(report)
    await add(text)
    expect(world.session.sheaf.report('My review')).toMatchObject(report)
    // Another paste has the same line numbers.
    await add('10.5555/gamma\n\nnothing of that kind')
    expect(world.session.sheaf.report('My review')).toMatchObject({ records: 6, sought: 3, refused: 2 })

    expect(await world.ask('lists.all', {})).toEqual([{ name: 'My review', papers: 3 }])
    const list = 'My review'
    expect(await world.ask('jobs.counts', { list })).toMatchObject({ all: 3, waiting: 3 })
    expect(await world.ask('jobs.counts', { list: 'no list' })).toMatchObject({ all: 0 })
    const page = { sort: 'added', direction: 'up', offset: 0, limit: 9 } as const
    const { rows } = await world.ask('jobs.list', { query: { group: 'all', list }, ...page })
    expect(rows.map((row) => row.identifier)).toEqual(['10.5555/alpha', '10.5555/beta', '10.5555/gamma'])
    const view = await world.ask('report.get', { list })
    const { works, ...facts } = world.session.sheaf.report(list)
    expect(view).toMatchObject({ ...facts, generated_at: expect.any(String) as string })
    expect(view.svg).toContain('Reports sought for retrieval')
    expect(await world.ask('report.get', {})).toMatchObject({ list: null, sought: 4, records: 4 })
    expect(await world.refusal('report.get', { list: 'none' })).toMatchObject({ code: 'NO_SUCH_LIST' })
    expect(await world.ask('report.export', { list, format: 'csv' })).toBeNull()
    world.systemDialogs.saveAt = join(world.dataDir, 'report.csv')
    await world.ask('report.export', { list, format: 'csv' })
    expect(readFileSync(world.systemDialogs.saveAt, 'utf8').trimEnd().split('\r\n')).toHaveLength(
      1 + works.length
    )
    expect(await world.ask('jobs.cancel', { query: { group: 'all', list } })).toEqual({ changed: 3 })
    expect(await world.ask('jobs.counts', {})).toMatchObject({ waiting: 1 })
    expect(await world.refusal('plan.commit', { previewId: 'x', list: '' })).toMatchObject({
      code: 'BAD_REQUEST'
    })
  })

  test('shows which papers are in the library and which were removed, by whom and when', async () => {
    const world = await start()
    await world.plan(['10.5555/alpha'])
    await world.ask('run.start', {})
    const jobId = await waitFor('the paper is downloaded', async () => {
      const { rows } = await world.ask('jobs.list', {
        query: { group: 'done' },
        sort: 'added',
        direction: 'up',
        offset: 0,
        limit: 10
      })
      return rows[0]?.jobId ?? null
    })
    expect((await world.ask('plan.read', { text: '10.5555/alpha' })).rows[0]).toMatchObject({
      kind: 'in_library',
      artifactId: 'doi:10.5555/alpha#pdf'
    })
    await world.ask('jobs.remove', { jobId })
    const row = (await world.ask('plan.read', { text: '10.5555/alpha' })).rows[0]
    expect(row?.kind).toBe('removed')
    expect(row?.removed).toMatchObject({ by: 'you' })
    expect(await world.ask('jobs.detail', { jobId })).toMatchObject({
      may: { undoRemove: true, remove: false }
    })
    await world.ask('jobs.undoRemove', { jobId })
    expect((await world.ask('plan.read', { text: '10.5555/alpha' })).rows[0]).toMatchObject({
      kind: 'planned'
    })
  })
})

test('ten thousand lines are previewed in time, and the window stays responsive', async () => {
  const world = await start()
  const text = Array.from(
    { length: 10_000 },
    (_, index) => `Someone et al., doi:10.5555/many.${String(index)}`
  )
  // The first use in a test run bundles the worker; measure the second one.
  await world.ask('plan.read', { text: text.slice(0, 400).join('\n') })
  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  const began = performance.now()
  const preview = await world.ask('plan.read', { text: text.join('\n') })
  const took = performance.now() - began
  clearInterval(beat)
  expect(preview).toMatchObject({ total: 10_000, counts: { new: 10_000 } })
  expect(preview.rows).toHaveLength(200)
  const { total, rows } = await world.ask('plan.rows', {
    previewId: preview.previewId,
    kind: 'new',
    offset: 9_990,
    limit: 500
  })
  expect([total, rows.length, rows[0]?.index]).toEqual([10_000, 10, 9_990])
  console.log(
    `10,000 pasted lines: ${String(Math.round(took))} ms, longest stretch ${String(Math.round(longest))} ms`
  )
})

describe('files', () => {
  test('opened with Sheaf, chosen or dropped give the same rows; an invalid file affects only itself', async () => {
    const world = await start()
    const folder = tempFolder('refs')
    const bib = join(folder, 'refs.bib')
    const pdf = join(folder, 'not-a-list.bib')
    writeFileSync(bib, BIBTEX)
    writeFileSync(pdf, '%PDF-1.7 and so on')
    const shape = (preview: Awaited<ReturnType<typeof readFilesIntoPreview>>): unknown =>
      preview.rows.map(({ kind, identifier, origin, line, because }) => [
        kind,
        identifier,
        origin,
        line,
        because
      ])
    const opened = await readFilesIntoPreview(world.parts, [bib, pdf, join(folder, 'gone.ris')])
    expect(shape(opened)).toMatchObject([
      ['new', '10.5555/alpha', 'refs.bib', 1, null],
      ['not_understood', null, 'refs.bib', 2, expect.any(String)],
      ['not_understood', null, 'not-a-list.bib', 1, 'It is a PDF, not a text.'],
      ['not_understood', null, 'gone.ris', 1, 'The file is not there.']
    ])
    world.systemDialogs.files = [bib]
    const chosen = await world.ask('plan.chooseFiles', {})
    const dropped = await world.ask('plan.read', {
      files: [{ name: '../../refs.bib', bytes: new TextEncoder().encode(BIBTEX) }]
    })
    expect(shape(chosen!)).toEqual(shape(dropped))
    world.systemDialogs.files = []
    expect(await world.ask('plan.chooseFiles', {})).toBeNull()
  })

  test('are kept as the last eight previews', async () => {
    const world = await start()
    const ids: string[] = []
    for (let index = 0; index < 9; index += 1) {
      ids.push((await world.ask('plan.read', { text: `10.5555/p${String(index)}` })).previewId)
    }
    const rows = (previewId: string) => world.answer('plan.rows', { previewId, offset: 0, limit: 1 })
    expect(await rows(ids[0]!)).toMatchObject({ ok: false, error: { code: 'NO_SUCH_PREVIEW' } })
    expect(await rows(ids[1]!)).toMatchObject({ ok: true })
    await world.ask('plan.discard', { previewId: ids[1]! })
    expect(await rows(ids[1]!)).toMatchObject({ ok: false })
  })
})

test('a search is shown before anything is planned, and can be stopped', async () => {
  const world = await start()
  const found = await world.ask('plan.search', { query: 'the', oaOnly: false, max: 50 })
  expect(found.rows.every((row) => row.origin === null)).toBe(true)
  expect(world.events.searching.length > 0 || found.total === 0).toBe(true)
  expect(await world.ask('plan.stopSearch', {})).toBeNull()
  expect(await world.ask('jobs.counts', {})).toMatchObject({ all: 0 })
})

test('a large plan reports its progress in steps, and a stop keeps what was planned', async () => {
  const world = await start()
  const dois = Array.from({ length: 3_500 }, (_, n) => `10.5555/many.${String(n)}`)
  const { previewId } = await world.ask('plan.read', { text: dois.join('\n') })
  const planning = world.ask('plan.commit', { previewId })
  await waitFor('the second progress event', () => world.events.planning.length >= 2)
  expect(await world.ask('plan.stop', {})).toBeNull()
  const { newJobs, jobIds } = await planning
  expect([2_000, 3_000]).toContain(newJobs)
  expect(jobIds).toHaveLength(newJobs)
  expect(world.events.planning.slice(0, 2)).toEqual([
    { planned: 0, of: 3_500 },
    { planned: 1_000, of: 3_500 }
  ])
  expect(await world.ask('jobs.counts', {})).toMatchObject({ all: newJobs })
  // Planning again adds the rest.
  const again = await world.ask('plan.read', { text: dois.join('\n') })
  expect(again.counts).toMatchObject({ planned: newJobs, new: 3_500 - newJobs })
})

test('a reference with only a title is looked up, and planned once it is confirmed', async () => {
  const { web } = await startWorld([
    { key: 'alpha', title: 'Slow rivers carry fine sediment', authors: ['Abbott, Ann'], year: 2001 },
    { key: 'beta', title: 'Quick rivers carry coarse sediment', authors: ['Berger, Bo'], year: 2009 }
  ])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web)
  await world.ask('run.pause', {})
  const text = `@article{a, title={Slow {Rivers} carry fine sediment}, author={Abbott, A.}, year={2001}}
@article{b, title={Quick rivers carry coarse sediment}, author={Berger, B.}, year={2002}}
@article{c, title={Something that no service knows of}, author={Nemo, N.}, year={2002}}
`
  const preview = await world.ask('plan.read', { text })
  expect(preview).toMatchObject({ titles: 3, counts: { not_understood: 3 } })
  const { previewId } = preview
  const matched = await world.ask('plan.match', { previewId })
  expect(matched).toMatchObject({
    previewId,
    titles: 0,
    sure: [0],
    counts: { to_confirm: 2, not_understood: 1 }
  })
  expect(matched.rows).toMatchObject([
    { kind: 'to_confirm', identifier: '10.5555/alpha', match: { verdict: 'sure', doubt: null } },
    { kind: 'to_confirm', identifier: '10.5555/beta', match: { verdict: 'unsure', doubt: 'year' } },
    { kind: 'not_understood', match: { verdict: 'none' } }
  ])
  // An unconfirmed match is not planned.
  expect(await world.ask('plan.commit', { previewId, confirmed: [0] })).toMatchObject({ newJobs: 1 })
  const again = await world.ask('plan.read', { text })
  const known = await world.ask('plan.match', { previewId: again.previewId })
  expect(known.rows[0]).toMatchObject({ kind: 'planned', match: { verdict: 'sure' } })
})

test('before planning, each new paper shows its expected source, and the plan its totals', async () => {
  const { web } = await startWorld([
    {
      key: 'alpha',
      title: 'Slow rivers carry fine sediment',
      copies: [{ via: 'openalex', license: 'cc-by', version: 'publishedVersion' }]
    },
    { key: 'beta', copies: [] }
  ])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web)
  await world.ask('run.pause', {})
  const preview = await world.ask('plan.read', { text: '10.5555/alpha\n10.5555/beta\nin press' })
  expect(preview).toMatchObject({ unlooked: 2, forecast: null })
  expect(preview.rows.map(({ copy }) => copy)).toEqual([null, null, null])
  const { previewId } = preview
  const expected = await world.ask('plan.expect', { previewId })
  expect(expected).toMatchObject({
    previewId,
    unlooked: 0,
    forecast: { works: 2, expected: 1, paid_usd: 0 },
    rows: [
      {
        title: 'Slow rivers carry fine sediment',
        copy: { source: 'openalex', license: 'cc-by', version: 'publishedVersion', priceUsd: 0, bytes: null }
      },
      { copy: { source: null, host: null } },
      { kind: 'not_understood', copy: null }
    ]
  })
  expect(world.events.expecting.at(-1)).toEqual({ done: 2, of: 2 })
  // Look-ups only: no file was requested and nothing is planned.
  expect(web.requests.filter(({ url }) => url.endsWith('.pdf'))).toEqual([])
  expect(await world.ask('jobs.counts', {})).toMatchObject({ all: 0 })
  // The rows show the same results.
  const { rows } = await world.ask('plan.rows', { previewId, kind: 'new', offset: 0, limit: 10 })
  expect(rows).toMatchObject([{ copy: { source: 'openalex' } }, { copy: { source: null } }])
  expect(await world.ask('plan.commit', { previewId })).toMatchObject({ newJobs: 2 })
  await expect(world.ask('plan.expect', { previewId })).rejects.toThrow(/preview/i)
})
