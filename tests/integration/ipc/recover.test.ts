/** The recover screen through the window's requests: quarantined files are listed without a check. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { summaryOf } from '../../../src/renderer/text/job-summary'
import { jobInWords } from '../../../src/renderer/text/job-words'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld, type IpcWorld } from './ipc-world'

async function start(): Promise<IpcWorld> {
  const { web } = await startWorld([
    { key: 'alpha', copies: [{ via: 'unpaywall', misbehave: { kind: 'wrong-paper' } }] },
    { key: 'beta', copies: [] }
  ])
  onTestFinished(() => web.close())
  const opened = await openIpcWorld(web)
  await opened.session.run.begun
  return opened
}

const jobIdOf = (world: IpcWorld, key: string): string =>
  String(world.session.sheaf.jobs({}).find((row) => String(row['canonical_url']).endsWith(key))?.['job_id'])

test('a quarantined file is listed and reported at once, whatever put it there', async () => {
  const world = await start()
  // The page asked before there was any file, as the navigation does at the start.
  expect(await world.ask('reconcile.state', {})).toMatchObject({ quarantine: [], needsAttention: 0 })

  await world.plan(['10.5555/alpha', '10.5555/beta'])
  await world.ask('run.start', {})
  await waitFor('both need attention', () => world.session.run.view().counts.attention === 2, 60_000)
  expect(await waitForQuarantine(world, 1)).toMatchObject([{ jobId: jobIdOf(world, 'alpha') }])
  expect((await world.ask('reconcile.state', {})).quarantine).toHaveLength(1)

  const beta = jobIdOf(world, 'beta')
  const refused = await world.refusal('jobs.attachBytes', {
    jobId: beta,
    name: 'stranger.pdf',
    bytes: new Uint8Array(strangersPdf(world))
  })
  expect(refused.code).toBe('WRONG_PAPER')
  expect((await waitForQuarantine(world, 2)).map((file) => file.jobId)).toContain(beta)

  const [accepted, ...others] = (await world.ask('reconcile.state', {})).quarantine
  await world.ask('quarantine.accept', { id: accepted!.id })
  await waitForQuarantine(world, others.length)
  // The user has accepted it: no doubt is reported any more.
  const done = await world.ask('jobs.list', {
    query: { group: 'done' },
    sort: 'added',
    direction: 'up',
    offset: 0,
    limit: 10
  })
  expect(done.rows.map((job) => jobInWords(job, Date.now() / 1000))).toEqual(['In your library'])
  expect(summaryOf(await world.ask('jobs.detail', { jobId: done.rows[0]!.jobId }))).toMatchObject({
    next: 'Nothing to do: it is in your library.',
    tone: 'good'
  })

  const [first] = (await world.ask('reconcile.state', {})).quarantine
  await world.ask('quarantine.reject', { id: first!.id })
  await waitForQuarantine(world, 0)
})

async function waitForQuarantine(world: IpcWorld, files: number) {
  const last = () => world.events.reconcile.at(-1)
  await waitFor(
    `the page gets ${String(files)} quarantined files`,
    () => last()?.needsAttention === files
  ).catch((error: unknown) => {
    throw new Error(`The last event: ${JSON.stringify(last())}`, { cause: error })
  })
  return last()?.quarantine ?? []
}

/** The file that came instead of the paper, in the quarantine. */
function strangersPdf(world: IpcWorld): Buffer {
  const folder = join(world.libraryDir, 'quarantine')
  const name = readdirSync(folder).find((one) => one.endsWith('.pdf'))
  return readFileSync(join(folder, name ?? ''))
}
