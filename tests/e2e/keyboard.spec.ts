/** The main path without a pointer: add, plan, watch, open the history, find the paper, read it. */
import { expect, test } from '../kit/app'
import { expectFigure, jobs } from './screens'

test('the main path works by keyboard alone', async ({ openWorld }) => {
  const world = await openWorld([
    { key: 'quiet', title: 'A quiet paper on salt flats', copies: [{ via: 'unpaywall' }] },
    { key: 'other', title: 'Another paper on salt', copies: [{ via: 'unpaywall' }] }
  ])
  const { page } = await world.start()
  const { keyboard } = page
  const focused = page.locator(':focus')

  await keyboard.press('Control+n')
  await expect(focused).toHaveAccessibleName('References')
  await keyboard.insertText('10.5555/quiet\n10.5555/other')
  await expect(page.getByRole('button', { name: 'Add 2 papers' })).toBeEnabled()
  await keyboard.press('Control+Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expectFigure(page, 'done', 2)

  // `/` focuses the search, Enter moves to the table, Enter opens the drawer and focuses it, Escape restores
  // the focus.
  await keyboard.press('/')
  await expect(focused).toHaveAccessibleName('Search the queue')
  await keyboard.type('quiet')
  await expect(jobs(page)).toHaveAttribute('aria-rowcount', '2')
  await keyboard.press('Enter')
  await expect(focused).toHaveRole('grid')
  await keyboard.press('Home')
  await keyboard.press('Enter')
  const drawer = page.getByRole('complementary')
  await expect(drawer.getByRole('heading', { level: 2 })).toBeFocused()
  await expect(drawer.getByRole('list', { name: 'History' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(focused).toHaveRole('grid')

  // Tab reaches every control, and the focused one is visibly marked.
  await keyboard.press('Tab')
  const outline = await focused.evaluate((element) => getComputedStyle(element).outlineStyle)
  expect(outline).not.toBe('none')

  await keyboard.press('Control+2')
  await expect(page.getByRole('link', { name: 'Library' })).toHaveAttribute('aria-current', 'page')
  await expect(page.getByRole('grid', { name: 'Papers' })).toBeVisible()
  await keyboard.press('/')
  await expect(focused).toHaveAccessibleName('Search the library')
  await keyboard.type('quiet')
  await expect(
    page.getByRole('grid', { name: 'Papers' }).getByText('A quiet paper on salt flats')
  ).toBeVisible()
  await expect(page.getByRole('grid', { name: 'Papers' }).getByText('Another paper on salt')).toBeHidden()
  await keyboard.press('Enter')
  await expect(focused).toHaveRole('grid')
  await keyboard.press('Home')
  await keyboard.press('Enter')
  const reader = page.getByRole('region', { name: 'Reader' })
  await expect(reader.getByText(/^of \d+$/)).toBeVisible()
  await keyboard.press('Control+f')
  await expect(focused).toHaveAccessibleName('Find in document')
  await keyboard.type('salt')
  await expect(reader.getByRole('search').getByRole('status')).toHaveText(/^\d+ of \d+$/)
  await keyboard.press('Escape')
  await keyboard.press('Escape')
  await expect(reader).toBeHidden()

  await keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await keyboard.type('settings')
  await keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'Settings' })).toHaveAttribute('aria-current', 'page')
})

test('text typed right after the first Ctrl+K or Ctrl+N is complete', async ({ openWorld }) => {
  const world = await openWorld([])
  const { page } = await world.start()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('settings')
  await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue('settings')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+n')
  await page.keyboard.type('10.5555/w1')
  await expect(page.getByRole('textbox', { name: 'References' })).toHaveValue('10.5555/w1')
})
