/**
 * G1: planning the same work again yields the same job, in this run, after a restart and on another machine,
 * under every known identifier, and without a network request.
 */
import { rm } from 'node:fs/promises'
import { onTestFinished, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../web/scholarly'
import { json } from '../web/service-answers'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'

const never = new AbortController().signal

async function world(works: readonly WorldWork[]): Promise<{ web: Web; world: World }> {
  const started = await startWorld(works)
  onTestFinished(() => started.web.close())
  return started
}

function plan(sheaf: SheafWorld, names: readonly string[]) {
  return sheaf.sheaf.plan({ drafts: names.map(draft), formats: ['pdf'] }, never)
}

const SPELLINGS = [
  '10.5555/alpha',
  '10.5555/ALPHA',
  'doi:10.5555/alpha',
  'https://doi.org/10.5555/alpha',
  'http://dx.doi.org/10.5555/Alpha',
  'https://doi.org/10.5555%2Falpha'
]

describe('the same work', () => {
  test('is one job under every spelling of its DOI, and every entry has a result line that names it', async () => {
    const { web } = await world([{ key: 'alpha' }])
    const sheaf = await openWorld(web)
    const report = await plan(sheaf, SPELLINGS)
    const jobId = report.planned[0]!.job_id
    expect(report.planned.map((line) => [line.job_id, line.existing])).toEqual(
      SPELLINGS.map((_, n) => [jobId, n > 0])
    )
    expect(report).toMatchObject({ newJobs: 1, existingJobs: 0 })
    const again = await plan(sheaf, [...SPELLINGS].reverse())
    expect(again).toMatchObject({ newJobs: 0, existingJobs: 1 })
    expect(again.planned.map((line) => [line.job_id, line.existing])).toEqual(
      SPELLINGS.map(() => [jobId, true])
    )
    expect(sheaf.sheaf.jobs({})).toHaveLength(1)
  })

  test.each(['on', 'off'] as const)(
    'on two pages of a search and also given by DOI is new once, then a repeat (switch %s)',
    async (position) => {
      const { web } = await world([{ key: 'alpha' }])
      const found = (n: number) => ({
        id: `https://openalex.org/W900${String(n)}`,
        doi: `https://doi.org/10.5555/f${String(n)}`
      })
      web.addSite((asked) => {
        if (!asked.url.includes('api.openalex.org/works?')) return null
        const isFirst = new URL(asked.url).searchParams.get('cursor') === '*'
        const meta = { count: 5, next_cursor: isFirst ? 'b' : null }
        return json({ meta, results: isFirst ? [found(1), found(1), found(2)] : [found(2), found(1)] })
      })
      const sheaf = await openWorld(web, { settings: { 'safety.switch': position } })
      const asked = {
        drafts: [draft('10.5555/f1')],
        search: { query: 'rivers' },
        formats: ['pdf'] as const
      }
      const report = await sheaf.sheaf.plan(asked, never)
      expect(report).toMatchObject({ newJobs: 2, existingJobs: 0 })
      // The entry given by DOI, then the five search results: f1, f1, f2, f2, f1.
      const lines = sheaf.linesOf('planned')
      const [f1, f2] = [lines[0]!.job_id, lines[3]!.job_id]
      expect(f1).not.toBe(f2)
      const reported = [f1, f1, f1, f2, f2, f1]
      expect(lines.map((line) => line.job_id)).toEqual(reported)
      expect(lines.map((line) => line.existing)).toEqual([false, true, true, false, true, true])
      expect(report.unrecorded).toBe(position === 'off' ? 2 : 0)
      const run = await sheaf.sheaf.run({ plan: asked }, never)
      expect(run).toMatchObject(
        position === 'off' ? { planned: 2, existing: 0 } : { planned: 0, existing: 2 }
      )
      const again = sheaf.linesOf('planned').slice(lines.length)
      expect(again.map((line) => line.job_id)).toEqual(reported)
      expect(again.map((line) => line.existing)).toEqual(
        lines.map((line) => position === 'on' || line.existing)
      )
    }
  )

  test('is the same job after a restart', async () => {
    const { web } = await world([{ key: 'alpha' }])
    const sheaf = await openWorld(web)
    const [before] = (await plan(sheaf, ['10.5555/alpha'])).planned
    await sheaf.reopen()
    const [after] = (await plan(sheaf, ['https://doi.org/10.5555/ALPHA'])).planned
    expect(after).toMatchObject({ job_id: before!.job_id, work_id: before!.work_id, existing: true })
    expect(sheaf.sheaf.jobs({})).toHaveLength(1)
  })

  test('has the same id on another machine and after the loss of the ledger', async () => {
    const { web } = await world([{ key: 'alpha' }, { key: 'beta', arxiv: '2401.00007' }])
    const names = ['10.5555/alpha', 'arXiv:2401.00007', 'PMC1234567', 'https://example.org/a/paper.pdf']
    const here = await openWorld(web)
    const otherMachine = await openWorld(web)
    const ids = async (sheaf: SheafWorld): Promise<string[]> =>
      (await plan(sheaf, names)).planned.map((line) => line.job_id)
    const first = await ids(here)
    expect(new Set(first).size).toBe(names.length)
    expect(await ids(otherMachine)).toEqual(first)
    await here.sheaf.close()
    await rm(here.dataDir, { recursive: true })
    const lost = await openWorld(web)
    expect(await ids(lost)).toEqual(first)
  })

  test('is planned once by many concurrent plans', async () => {
    const { web } = await world([{ key: 'alpha' }])
    const sheaf = await openWorld(web)
    const reports = await Promise.all(SPELLINGS.map((name) => plan(sheaf, [name])))
    expect(reports.reduce((sum, report) => sum + report.newJobs, 0)).toBe(1)
    expect(sheaf.sheaf.jobs({})).toHaveLength(1)
  })
})

test('planning sends no request; missing metadata is filled in by the sources later', async () => {
  const { web, world: played } = await world([{ key: 'alpha', copies: [{ via: 'openalex' }] }])
  const sheaf = await openWorld(web)
  const [line] = (await plan(sheaf, ['10.5555/alpha'])).planned
  expect(line!.title).toBeNull()
  expect(web.requests).toEqual([])
  await sheaf.run()
  const { title } = played.work('alpha')
  expect(sheaf.sheaf.jobs({})[0]).toMatchObject({ title, state: 'DEDUPED' })
  const [again] = (await plan(sheaf, ['10.5555/alpha'])).planned
  expect(again!.title).toBe(title)
})

test('every identifier that a source reports leads to the work, whose first id stays', async () => {
  const { web } = await world([
    {
      key: 'alpha',
      pmid: '31000001',
      pmcid: 'PMC7000001',
      openalex: 'W4911111111',
      copies: [{ via: 'openalex' }]
    }
  ])
  const sheaf = await openWorld(web)
  const [first] = (await plan(sheaf, ['10.5555/alpha'])).planned
  await sheaf.run()
  for (const name of ['pmid:31000001', 'PMC7000001', 'W4911111111', '10.5555/alpha']) {
    const [line] = (await plan(sheaf, [name])).planned
    expect(line, name).toMatchObject({ job_id: first!.job_id, work_id: first!.work_id, existing: true })
  }
  await sheaf.reopen()
  const [line] = (await plan(sheaf, ['PMC7000001'])).planned
  expect(line).toMatchObject({ job_id: first!.job_id, work_id: 'doi:10.5555/alpha' })
  expect(sheaf.sheaf.jobs({})).toHaveLength(1)
})
