/**
 * The services as the user sees them: the price of a paid copy before it is fetched, a publisher that
 * requires a bot check, and the table of contacted hosts.
 */
import { expect, test } from '../kit/app'
import { html } from '../web/service-answers'
import { GOOD_KEY } from '../web/service-openalex-content'
import type { Site } from '../web/web'
import { expectNoViolationInEitherTheme } from './axe'
import { chip, expectFigure, goTo, openDrawer, paste } from './screens'

/** The publisher of one paper answers every program with a bot check. */
const challenged: Site = (asked) =>
  new URL(asked.url).host === 'archive-guarded.example'
    ? html('<!doctype html><title>Just a moment...</title><p>Verify that you are human.</p>', 403, {
        'cf-mitigated': 'challenge'
      })
    : null

test('a paid copy shows its price before it is fetched, a bot check is handed to the browser, hosts are opened and closed', async ({
  openWorld
}) => {
  const world = await openWorld(
    [
      {
        key: 'paid',
        title: 'A copy that costs a cent',
        landing: 'none',
        copies: [{ via: 'openalex_content' }]
      },
      { key: 'guarded', title: 'Behind a bot check', copies: [{ via: 'openalex' }] }
    ],
    { web: { sites: [challenged] } }
  )
  const { app, page } = await world.start()

  await goTo(page, 'Settings')
  await page.getByRole('tab', { name: 'Sources' }).click()
  await page.getByRole('button', { name: 'Set the key for OpenAlex' }).click()
  await page.getByLabel('Key for OpenAlex').fill(GOOD_KEY)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('button', { name: 'Remove the key for OpenAlex' })).toBeVisible()
  const budget = page.getByRole('textbox', { name: 'Paid copies' })
  await budget.fill('0.5')
  await budget.press('Enter')
  await expect.poll(() => world.settingsFile()['sources.paidBudgetUsd']).toBe(0.5)

  await goTo(page, 'Queue')
  const add = await paste(page, '10.5555/paid\n10.5555/guarded')
  await add.getByRole('button', { name: 'Find copies' }).click()
  await expect(add.getByText(/OpenAlex \(paid copy\) · \$0\.01 · content\.openalex\.org/)).toBeVisible()
  await expect(add.getByText(/2 of 2 with an open copy · about .* · \$0\.01/)).toBeVisible()
  await expectNoViolationInEitherTheme(page, 'a preview with a price')
  const paidFor = (): number =>
    world.web.requests.filter(({ url }) => url.startsWith('https://content.openalex.org/')).length
  expect(paidFor()).toBe(0)
  await add.getByRole('button', { name: 'Add 2 papers' }).click()
  await expectFigure(page, 'done', 1, 90_000)
  await expectFigure(page, 'need attention', 1, 90_000)
  expect(paidFor()).toBe(1)

  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => {
      opened.push(url)
      return Promise.resolve()
    }
  })
  await chip(page, 'Needs attention').click()
  const drawer = await openDrawer(page, 'Behind a bot check')
  await expect(drawer.getByText(/bot check/i).first()).toBeVisible()
  await drawer.getByRole('button', { name: 'Open landing page' }).first().click()
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened))
    .toHaveLength(1)
  await drawer.getByRole('button', { name: 'Close' }).click()

  await goTo(page, 'Insights')
  const host = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })
  await expect(host('content.openalex.org')).toContainText('1 file')
  await expect(page.getByRole('row').filter({ hasText: 'Asked for a bot check' })).toHaveCount(1)
  await page.getByRole('button', { name: 'Stop asking: api.openalex.org' }).click()
  await expect(host('api.openalex.org')).toContainText('Stopped by you')
  await expectNoViolationInEitherTheme(page, 'the board of services')
  await page.getByRole('button', { name: 'Ask again: api.openalex.org' }).click()
  await expect(host('api.openalex.org')).not.toContainText('Stopped by you')
})
