/**
 * The main process is killed in mid-stream. After a restart Sheaf reports the interruption, shows it in the
 * paper's history, and resumes from the bytes on disk. The web's log shows that no byte was sent twice.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo, jobRow, openDrawer, plan } from './screens'

const SIZE = 1_500_000
const HELD = 900_000

test('after kill -9 in mid-stream, a restart reports the interruption and resumes the download', async ({
  openWorld
}) => {
  const world = await openWorld([
    { key: 'large', title: 'A long memory of glaciers', bytes: SIZE, copies: [{ via: 'unpaywall' }] },
    { key: 'small', title: 'A short note on moths', copies: [{ via: 'unpaywall' }] }
  ])
  const url = world.world.fileUrl('large')
  const hold = world.web.hold(url, HELD)
  const first = await world.start()
  await plan(first.page, ['10.5555/large', '10.5555/small'])
  await expectFigure(first.page, 'done', 1)
  await hold.reached
  // All sent bytes must be on disk and on screen before the kill.
  await expect.poll(() => bytesOfPart(world.libraryDir)).toBe(HELD)
  await expect(jobRow(first.page, 'A long memory').getByRole('progressbar')).toHaveAttribute(
    'aria-valuenow',
    '60'
  )
  await first.kill()
  // Released earlier, the web might still send to a client whose death it has not noticed.
  await expect.poll(() => world.web.requestsFor(url, 'GET')[0]?.ended).toBe('left')
  hold.release()
  const sentBefore = world.web.bytesSent(url)

  const { page } = await world.start()
  const banner = page.getByRole('status').filter({ hasText: /Interrupted at/ })
  await expect(banner).toContainText('1 download resumed')
  await expect(banner).toContainText('60 %')
  await expectFigure(page, 'done', 2)

  // No byte was sent twice: the second request started where the disk ended, and the sum is the file's size.
  const asked = world.web.requestsFor(url, 'GET')
  expect(asked.map((request) => request.range)).toEqual([null, `bytes=${HELD}-`])
  expect(asked[1]?.status).toBe(206)
  expect(sentBefore).toBe(HELD)
  expect(world.web.bytesSent(url)).toBe(SIZE)
  expect(world.world.hashes('large')).toContain(
    [...(await world.objects()).values()].find((hash) => world.world.hashes('large').has(hash))
  )

  // The paper's history shows it in the summary and in the timeline.
  const drawer = await openDrawer(page, 'A long memory of glaciers')
  await expect(drawer.getByText('Interrupted; it will continue')).toBeVisible()
  await expect(drawer.getByText(/continued at 60 %/).first()).toBeVisible()
  await expect(drawer.getByText('interrupted', { exact: true }).first()).toBeVisible()
  await expectNoViolationInEitherTheme(page, 'after an interruption')

  await banner.getByRole('button', { name: 'Show what was done' }).click()
  await expect(page.getByRole('heading', { name: 'Check and repair', level: 1 })).toBeVisible()
  const check = page.getByRole('group').filter({ hasText: '1 download resumed' }).first()
  await check.locator('summary').click()
  await expect(check.getByRole('button', { name: 'A long memory of glaciers' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(banner).toBeHidden()
  await goTo(page, 'Queue')
})

function bytesOfPart(libraryDir: string): number {
  const staging = join(libraryDir, '.sheaf/staging')
  const part = readdirSync(staging).find((name) => name.endsWith('.part'))
  return part === undefined ? 0 : statSync(join(staging, part)).size
}
