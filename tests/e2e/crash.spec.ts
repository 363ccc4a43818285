/**
 * The main process is killed in mid-stream. Started again, Sheaf tells what happened, shows it in the
 * paper's history, and goes on from the bytes on disk: the web's own log says that none came twice.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo, jobRow, openDrawer, plan } from './screens'

const SIZE = 1_500_000
const HELD = 900_000

test('kill -9 in mid-stream, and start again', async ({ openWorld }) => {
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
  // All that was sent is on disk and on screen before the plug is pulled.
  await expect.poll(() => bytesOfPart(world.libraryDir)).toBe(HELD)
  await expect(jobRow(first.page, 'A long memory').getByRole('progressbar')).toHaveAttribute(
    'aria-valuenow',
    '60'
  )
  await first.kill()
  // Released sooner, the web might still send to a client that it does not know to be dead.
  await expect.poll(() => world.web.requestsFor(url, 'GET')[0]?.ended).toBe('left')
  hold.release()
  const sentBefore = world.web.bytesSent(url)

  const { page } = await world.start()
  const banner = page.getByRole('status').filter({ hasText: /Interrupted at/ })
  await expect(banner).toContainText('1 download resumed')
  await expect(banner).toContainText('60 %')
  await expectFigure(page, 'done', 2)

  // None twice: the second question began where the disk ended, and the sum is the file.
  const asked = world.web.requestsFor(url, 'GET')
  expect(asked.map((request) => request.range)).toEqual([null, `bytes=${HELD}-`])
  expect(asked[1]?.status).toBe(206)
  expect(sentBefore).toBe(HELD)
  expect(world.web.bytesSent(url)).toBe(SIZE)
  expect(world.world.hashes('large')).toContain(
    [...(await world.objects()).values()].find((hash) => world.world.hashes('large').has(hash))
  )

  // The paper's history says all of it, at a glance and moment by moment.
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
