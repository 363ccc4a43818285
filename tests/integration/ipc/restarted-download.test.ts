/** The drawer says why an interrupted download restarted: what the server did, without technical detail. */
import { expect, onTestFinished, test } from 'vitest'
import { summaryOf } from '../../../src/renderer/text/job-summary'
import { timelineOf } from '../../../src/renderer/text/job-timeline'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld } from './ipc-world'

test.each([
  ['ranges-ignored', 'Downloaded again from the start.', 'it sent all of it again'],
  ['ranges-refused', 'Downloaded again from the start.', 'refused to send the rest'],
  ['etag-changes', 'Downloaded again: the file had changed.', 'another version']
] as const)('%s', async (kind, headline, because) => {
  const { web } = await startWorld([
    { key: 'alpha', bytes: 300_000, copies: [{ via: 'unpaywall', misbehave: { kind } }] }
  ])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web)
  await world.plan(['10.5555/alpha'])
  await world.ask('run.start', {})
  await waitFor('it is done', () => world.session.run.view().counts.done === 1)
  const jobId = String(world.session.sheaf.jobs({})[0]?.['job_id'])
  const detail = await world.ask('jobs.detail', { jobId })
  const summary = summaryOf(detail)
  expect(summary.headline).toBe(headline)
  expect(summary.text).toContain(because)
  const details = timelineOf(detail.history)
    .map((entry) => entry.detail)
    .join(' ')
  expect(details).not.toMatch(/\d{5,} bytes|ECONN/)
})
