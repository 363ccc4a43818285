/**
 * Every screen in both themes, asked by axe for what a person with other eyes or hands would stumble
 * over; the theme that the app chooses is the one that the page shows.
 */
import type { Page } from 'playwright'
import { expect, test } from '../kit/app'
import { expectNoViolation, expectNoViolationInEitherTheme, THEMES } from './axe'
import { expectFigure, goTo, jobRow, openDrawer, paste, plan, SCREENS } from './screens'

const SECTIONS = ['General', 'Crash safety', 'Sources', 'Network', 'Files', 'Notifications', 'Advanced']

test('axe finds nothing on any screen in either theme', async ({ openWorld }) => {
  // More than twenty looks at whole screens; each takes seconds on a busy machine.
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
  const look = (what: string): Promise<void> => expectNoViolationInEitherTheme(page, what)
  await look('empty queue')
  await plan(page, ['10.5555/arrived', '10.5555/lost', '10.5555/other'])
  await expectFigure(page, 'done', 1)
  await expectFigure(page, 'need attention', 2)

  for (const screen of SCREENS) {
    await goTo(page, screen)
    const name = screen === 'Recover' ? 'Check and repair' : screen
    await expect(page.getByRole('heading', { level: 1, name })).toBeAttached()
    await look(screen)
    if (screen === 'Queue') await lookAtJobs(page, look)
    if (screen === 'Library') await lookAtPapers(page, look)
    if (screen === 'Settings') {
      for (const section of SECTIONS) {
        await page.getByRole('tab', { name: section }).click()
        await look(`settings: ${section}`)
      }
    }
  }
  const dialog = await paste(page, '10.5555/arrived\n10.5555/new\nISBN 978-3-16-148410-0')
  await look('Add papers')
  await dialog.getByText('Search OpenAlex').click()
  await look('search for papers')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Close without adding' }).click()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await look('palette')
})

type Look = (what: string) => Promise<void>

async function lookAtJobs(page: Page, look: Look): Promise<void> {
  await jobRow(page, 'A paper that is lost').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await look('the menu of a row')
  await page.keyboard.press('Escape')
  const drawer = await openDrawer(page, 'A paper that arrived')
  await expect(drawer.getByRole('list', { name: 'History' })).toBeVisible()
  await look('history')
  for (const section of ['Candidates', 'File']) {
    await drawer.getByRole('tab', { name: section }).click()
    await look(`${section} of a job`)
  }
  await drawer.getByRole('button', { name: 'Close' }).click()
}

async function lookAtPapers(page: Page, look: Look): Promise<void> {
  for (const view of ['Grid', 'Table']) {
    await page.getByText(view, { exact: true }).click()
    await look(`library as a ${view}`)
  }
  await page.getByRole('grid', { name: 'Papers' }).getByText('A paper that arrived').dblclick()
  await expect(page.getByRole('region', { name: 'Reader' }).getByText(/^of \d+$/)).toBeVisible()
  await look('reader')
  await page.getByRole('button', { name: 'Back to the library' }).click()
}

test('axe finds nothing on the welcome screen; light and dark are the app’s own choice', async ({
  openWorld
}) => {
  const world = await openWorld([], { welcomed: false })
  const { app, page } = await world.start()
  await expect(page.getByRole('heading', { name: 'Welcome to Sheaf' })).toBeVisible()
  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const grounds: string[] = []
  for (const theme of THEMES) {
    await app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source
    }, theme)
    await expect
      .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
      .toBe(theme === 'dark')
    grounds.push(await ground())
    await expectNoViolation(page, `welcome, ${theme}`)
  }
  expect(new Set(grounds).size).toBe(2)
})

test('the appearance that was chosen in the settings stays over a restart', async ({ openWorld }) => {
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
