/** axe checks every screen in both themes; the page shows the theme that the app chose. */
import type { Page } from 'playwright'
import { expect, test } from '../kit/app'
import { expectNoViolation, expectNoViolationInEitherTheme, THEMES } from './axe'
import { expectFigure, goTo, jobRow, openDrawer, paste, plan, SCREENS } from './screens'

const SECTIONS = ['General', 'Crash safety', 'Sources', 'Network', 'Files', 'Notifications', 'Advanced']

test('axe finds no violation on any screen in either theme', async ({ openWorld }) => {
  // More than twenty checks of whole screens; each takes seconds on a busy machine.
  test.setTimeout(600_000)
  const world = await openWorld([
    { key: 'arrived', title: 'A paper that arrived', copies: [{ via: 'unpaywall' }] },
    { key: 'lost', title: 'A paper that is lost', copies: [] },
    {
      key: 'other',
      title: 'Glaciers measured twice over',
      copies: [{ via: 'unpaywall', misbehave: { kind: 'wrong-paper' } }]
    }
  ])
  const { page } = await world.start()
  const check = (what: string): Promise<void> => expectNoViolationInEitherTheme(page, what)
  await check('empty queue')
  await plan(page, ['10.5555/arrived', '10.5555/lost', '10.5555/other'])
  await expectFigure(page, 'done', 1)
  await expectFigure(page, 'need attention', 2)

  for (const screen of SCREENS) {
    await goTo(page, screen)
    const name = screen === 'Recover' ? 'Check and repair' : screen
    await expect(page.getByRole('heading', { level: 1, name })).toBeAttached()
    await check(screen)
    if (screen === 'Queue') await checkJobs(page, check)
    if (screen === 'Library') await checkPapers(page, check)
    if (screen === 'Settings') {
      for (const section of SECTIONS) {
        await page.getByRole('tab', { name: section }).click()
        await check(`settings: ${section}`)
      }
    }
  }
  const dialog = await paste(page, '10.5555/arrived\n10.5555/new\nISBN 978-3-16-148410-0')
  await check('Add papers')
  await dialog.getByText('Search OpenAlex').click()
  await check('search for papers')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Close without adding' }).click()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await check('palette')
})

type Check = (what: string) => Promise<void>

async function checkJobs(page: Page, check: Check): Promise<void> {
  await jobRow(page, 'A paper that is lost').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await check('the menu of a row')
  await page.keyboard.press('Escape')
  const drawer = await openDrawer(page, 'A paper that arrived')
  await expect(drawer.getByRole('list', { name: 'History' })).toBeVisible()
  await check('history')
  for (const section of ['Candidates', 'File']) {
    await drawer.getByRole('tab', { name: section }).click()
    await check(`${section} of a job`)
  }
  await drawer.getByRole('button', { name: 'Close' }).click()
}

async function checkPapers(page: Page, check: Check): Promise<void> {
  for (const view of ['Grid', 'Table']) {
    await page.getByText(view, { exact: true }).click()
    await check(`library as a ${view}`)
  }
  await page.getByRole('grid', { name: 'Papers' }).getByText('A paper that arrived').dblclick()
  await expect(page.getByRole('region', { name: 'Reader' }).getByText(/^of \d+$/)).toBeVisible()
  await check('reader')
  await page.getByRole('button', { name: 'Back to the library' }).click()
}

test('axe finds no violation on the welcome screen; the app’s setting decides between light and dark', async ({
  openWorld
}) => {
  const world = await openWorld([], { welcomed: false })
  const { app, page } = await world.start()
  await expect(page.getByRole('heading', { name: 'Welcome to Sheaf' })).toBeVisible()
  const backgroundOf = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const backgrounds: string[] = []
  for (const theme of THEMES) {
    await app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source
    }, theme)
    await expect
      .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
      .toBe(theme === 'dark')
    backgrounds.push(await backgroundOf())
    await expectNoViolation(page, `welcome, ${theme}`)
  }
  expect(new Set(backgrounds).size).toBe(2)
})

test('the appearance chosen in the settings survives a restart', async ({ openWorld }) => {
  const world = await openWorld([])
  const first = await world.start()
  await goTo(first.page, 'Settings')
  await first.page.getByText('Dark', { exact: true }).click()
  const isDark = (page: Page): Promise<boolean> =>
    page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  await expect.poll(() => isDark(first.page)).toBe(true)
  await first.close()
  const { page } = await world.start()
  await expect.poll(() => isDark(page)).toBe(true)
})
