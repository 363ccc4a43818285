/** A run: live progress, pause, resume, and quitting in mid-stream without losing a byte. */
import { expect, test } from '../kit/app'
import { plainWorks } from '../web/works'
import { expectFigure, jobRow, phase, plan, runBar } from './screens'

const BYTES = 600_000
const WORKS = [
  { key: 'large', title: 'A large account of tides', bytes: BYTES, copies: [{ via: 'unpaywall' as const }] },
  ...plainWorks(3)
]

test('progress is live, Pause stops within two seconds, Resume continues from there', async ({
  openWorld
}) => {
  const world = await openWorld(WORKS)
  const url = world.world.fileUrl('large')
  world.web.throttle(100_000, url)
  const hold = world.web.hold(url, BYTES / 2)
  const { page } = await world.start()
  await plan(page, ['10.5555/large', '10.5555/w1', '10.5555/w2', '10.5555/w3'])
  await expect(phase(page)).toHaveText('Running')
  // The progress bar grows, then stops where the web holds the stream.
  const row = jobRow(page, 'A large account of tides')
  const seen = new Set<number>()
  await expect
    .poll(async () => {
      const share = Number(await row.getByRole('progressbar').getAttribute('aria-valuenow'))
      seen.add(share)
      return share
    })
    .toBe(50)
  expect(seen.size).toBeGreaterThan(2)
  await expectFigure(page, 'done', 3)
  await expectFigure(page, 'active', 1)

  await hold.reached
  const asked = performance.now()
  await runBar(page).getByRole('button', { name: 'Pause' }).click()
  await expect(phase(page)).toHaveText('Paused')
  expect(performance.now() - asked).toBeLessThan(2_000)
  // The web sees the client disconnect, and no more bytes are sent.
  await expect.poll(() => world.web.requestsFor(url, 'GET').at(-1)?.ended, { timeout: 2_000 }).toBe('left')

  hold.release()
  world.web.throttle(null, url)
  await runBar(page).getByRole('button', { name: 'Resume' }).click()
  await expectFigure(page, 'done', 4)
  await expect(phase(page)).toHaveText('Idle')
  expect(world.web.requestsFor(url, 'GET').map((request) => request.range)).toEqual([
    null,
    `bytes=${BYTES / 2}-`
  ])
  for (const [path, hash] of await world.objects()) expect(path).toContain(hash)
})

test('quitting in mid-stream takes at most two seconds and keeps every byte', async ({ openWorld }) => {
  const world = await openWorld(WORKS)
  const url = world.world.fileUrl('large')
  world.web.throttle(100_000, url)
  const first = await world.start()
  await plan(first.page, ['10.5555/large'])
  await expect
    .poll(() =>
      jobRow(first.page, 'A large').getByRole('progressbar').getAttribute('aria-valuenow').then(Number)
    )
    .toBeGreaterThan(15)
  expect(await first.close()).toBeLessThan(2_100)

  world.web.throttle(null, url)
  const { page } = await world.start()
  await expectFigure(page, 'done', 1)
  // A clean exit is not an interruption: no message is shown.
  await expect(page.getByText(/^Interrupted at/)).toBeHidden()
  const ranges = world.web.requestsFor(url, 'GET').map((request) => request.range)
  expect(ranges).toEqual([null, expect.stringMatching(/^bytes=[1-9]\d*-$/)])
})
