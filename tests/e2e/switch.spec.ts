/**
 * The switch in the app: off records no rows, canary records its share of the works, on records all, and the
 * environment overrides the settings. The ledger's file is read with plain SQLite after Sheaf was quit.
 */
import type { Settings } from '../../src/contract/settings'
import { expect, test, type AppStart, type AppWorld } from '../kit/app'
import { openLedgerFile } from '../kit/ledger-file'
import { plainWorks } from '../web/works'
import { expectFigure, goTo, plan } from './screens'

const KEYS = plainWorks(8).map(({ key }) => `10.5555/${key}`)

/** Downloads everything and quits; resolves with the number of rows in the ledger. */
async function rowsAfterRun(world: AppWorld, start: AppStart = {}): Promise<{ jobs: number; ops: number }> {
  const running = await world.start(start)
  await plan(running.page, KEYS)
  await expectFigure(running.page, 'done', KEYS.length)
  await running.close()
  return rows(world)
}

async function rows(world: AppWorld): Promise<{ jobs: number; ops: number }> {
  const ledger = await openLedgerFile(world.dataDir)
  const count = (table: string): number => Number(ledger.value(`SELECT count(*) FROM ${table}`))
  const found = { jobs: count('artifact_jobs'), ops: count('artifact_ops') }
  ledger.close()
  return found
}

/** The number of requests for files. */
const filesAsked = (world: AppWorld): number =>
  world.web.requests.filter(({ url }) => url.includes('.pdf')).length

const withSwitch = (settings: Partial<Settings>): { settings: Partial<Settings> } => ({ settings })

test('off: papers are downloaded without a row; turned on, they are adopted and not fetched again', async ({
  openWorld
}) => {
  const world = await openWorld(plainWorks(8), withSwitch({ 'safety.switch': 'off' }))
  expect(await rowsAfterRun(world)).toEqual({ jobs: 0, ops: 0 })
  expect(await world.papers()).toHaveLength(8)

  const sent = filesAsked(world)
  const running = await world.start()
  await goTo(running.page, 'Settings')
  await running.page.getByRole('tab', { name: 'Crash safety' }).click()
  await running.page.getByRole('radio', { name: 'On' }).click()
  await expect.poll(() => world.settingsFile()['safety.switch']).toBe('on')
  await goTo(running.page, 'Queue')
  await expectFigure(running.page, 'done', 8)
  await running.close()
  const { jobs } = await rows(world)
  expect(jobs).toBe(8)
  expect(filesAsked(world), 'nothing is fetched twice (docs/design.md, G12)').toBe(sent)
  expect((await world.objects()).size, 'existing content is not stored twice').toBe(8)
})

test('canary: some works are recorded, the others are not', async ({ openWorld }) => {
  const world = await openWorld(
    plainWorks(8),
    withSwitch({ 'safety.switch': 'canary', 'safety.canaryPercent': 50 })
  )
  const { jobs } = await rowsAfterRun(world)
  expect(jobs).toBeGreaterThan(0)
  expect(jobs).toBeLessThan(8)
})

test('the environment overrides the settings, and the screen says so', async ({ openWorld }) => {
  const world = await openWorld(plainWorks(8), withSwitch({ 'safety.switch': 'on' }))
  const env = { DOCSTOKG_ENABLE_IDEMPOTENCY: 'false' }
  expect(await rowsAfterRun(world, { env })).toEqual({ jobs: 0, ops: 0 })

  const { page } = await world.start({ env })
  await goTo(page, 'Settings')
  await page.getByRole('tab', { name: 'Crash safety' }).click()
  await expect(page.getByText(/Decided by DOCSTOKG_ENABLE_IDEMPOTENCY/)).toBeVisible()
  await expect(page.getByRole('radio', { name: 'Off' })).toBeChecked()
  await expect(page.getByRole('radio', { name: 'On' })).toBeDisabled()
})
