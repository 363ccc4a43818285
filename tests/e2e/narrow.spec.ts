/**
 * The smallest windows are as readable as a large one. The tests measure boxes, because text laid out one
 * letter per line still counts as "visible".
 */
import type { Locator, Page } from 'playwright'
import { expect, test } from '../kit/app'
import { dropFile } from './drop-file'
import { expectFigure, goTo, jobs, paste, plan } from './screens'

const SIZES = [
  { width: 720, height: 520 },
  { width: 800, height: 600 },
  { width: 1024, height: 640 }
]

const PASTED = `@article{g, title = {Glaciers measured twice over and what they tell}, author = {Abbott, Mara}, year = 2012, doi = {10.5555/glaciers}}
ISBN 978-3-16-148410-0`

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

async function boxOf(what: Locator): Promise<Box> {
  const box = await what.boundingBox()
  if (box === null) throw new Error('The element has no box.')
  return box
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** Drops an unsupported item on the window; resolves with the message that is shown. */
async function dropUnsupportedFile(page: Page): Promise<Locator> {
  await dropFile(page.locator('body'), 'paper.docx', 'application/octet-stream', Buffer.from('PK'))
  const message = page.getByText('Sheaf cannot read this kind of file.')
  await expect(message).toHaveCount(1)
  return message
}

/** Asserts that the elements do not overlap. */
async function expectNoOverlap(what: Locator): Promise<void> {
  const boxes = await Promise.all((await what.all()).map(boxOf))
  for (const [nth, box] of boxes.entries())
    for (const other of boxes.slice(nth + 1)) expect(overlap(box, other)).toBe(false)
}

async function dismiss(message: Locator): Promise<void> {
  await message.locator('..').getByRole('button', { name: 'Dismiss' }).click()
  await expect(message).toHaveCount(0)
}

/** Asserts that nothing covers the element and that it is wide enough for a few words per line. */
async function expectReadable(message: Locator): Promise<void> {
  const box = await boxOf(message)
  expect(box.width).toBeGreaterThan(110)
  expect(box.height).toBeLessThan(50)
  const onTop = await message.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2))
  })
  expect(onTop).toBe(true)
}

test('in small windows all content is readable', async ({ openWorld }) => {
  const world = await openWorld([
    { key: 'shelved', title: 'A paper on the shelf', copies: [{ via: 'unpaywall' }] }
  ])
  const { page } = await world.start()
  await plan(page, ['10.5555/shelved'])
  await expectFigure(page, 'done', 1)
  for (const size of SIZES) {
    await test.step(`transient messages, at ${String(size.width)} px`, async () => {
      await page.setViewportSize(size)
      const message = await dropUnsupportedFile(page)
      await expectReadable(message)
      expect(overlap(await boxOf(message), await boxOf(page.getByRole('main')))).toBe(false)
      await dismiss(message)
    })
    await test.step(`messages while a dialog is open, at ${String(size.width)} px`, async () => {
      await page.getByRole('button', { name: 'Add papers' }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Add papers' })
      const inside = await dropUnsupportedFile(page)
      await expectReadable(inside)
      await dismiss(inside)
      // A message that is still shown when the dialog closes moves out of it.
      const message = await dropUnsupportedFile(page)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(dialog).toBeHidden()
      await expectReadable(message)
      await dismiss(message)
    })
    await test.step(`the preview of papers to add, at ${String(size.width)} px`, async () => {
      const dialog = await paste(page, PASTED)
      const grid = dialog.getByRole('grid', { name: 'Preview' })
      const known = grid.getByRole('row').filter({ hasText: 'Glaciers measured twice' })
      const isbn = grid.getByRole('row').filter({ hasText: 'ISBN 978-3-16-148410-0' })
      await expect(known).toContainText('10.5555/glaciers')
      await expect(isbn).toContainText('line 2')
      const inside = await boxOf(grid)
      expect(overlap(await boxOf(known), inside), 'the rows are in view').toBe(true)
      expect((await boxOf(known.getByText('Glaciers measured twice'))).width).toBeGreaterThan(200)
      expect((await boxOf(isbn.getByText('is an ISBN'))).width).toBeGreaterThan(200)
      await expectNoOverlap(grid.getByRole('columnheader'))
      await expectNoOverlap(known.getByRole('gridcell'))
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Close without adding' }).click()
    })
    await test.step(`the toolbar of the reader, at ${String(size.width)} px`, async () => {
      await goTo(page, 'Library')
      await page.getByRole('grid', { name: 'Papers' }).getByText('A paper on the shelf').dblclick()
      const reader = page.getByRole('region', { name: 'Reader' })
      await expect(reader.getByText(/^of \d+$/)).toBeVisible()
      const tools = reader.getByRole('group', { name: 'Reader tools' })
      await expectNoOverlap(tools.locator('button, select, input, h1'))
      await page.getByRole('button', { name: 'Back to the library' }).click()
      await goTo(page, 'Queue')
    })
  }
})

test('right-to-left text is laid out from right to left and does not affect the text beside it', async ({
  openWorld
}) => {
  const world = await openWorld([])
  const { page } = await world.start()
  await page.setViewportSize({ width: 1024, height: 640 })
  const title =
    'مقالة عن الأنهار with English words في الصحراء الكبرى وما حولها من الجبال والوديان والأنهار العظيمة'
  const dialog = await paste(
    page,
    `@article{h, title = {${title}}, author = {الخوارزمي, محمد and כהן, דוד}, year = 2013, doi = {10.5555/h}}`
  )
  const shown = dialog.getByText(title)
  const beginning = await shown.evaluate((element) => {
    const range = document.createRange()
    const text = element.firstChild
    if (text === null) throw new Error('no text')
    range.setStart(text, 0)
    range.setEnd(text, 5)
    const first = range.getBoundingClientRect()
    const cell = element.getBoundingClientRect()
    return first.left > cell.left + cell.width / 2 && first.right <= cell.right + 1
  })
  expect(beginning, 'its beginning is in view, at the right').toBe(true)

  await dialog.getByRole('button', { name: 'Add 1 paper' }).click()
  await expect(dialog).toBeHidden()
  const about = jobs(page).getByText('10.5555/h')
  await expect(about).toBeVisible()
  const order = await about.evaluate((element) => {
    const text = element.firstChild
    const words = element.textContent
    if (text === null) throw new Error('no text')
    return ['الخوارزمي', 'כהן', '2013', '10.5555', '/h'].map((word) => {
      const range = document.createRange()
      range.setStart(text, words.indexOf(word))
      range.setEnd(text, words.indexOf(word) + word.length)
      return range.getBoundingClientRect().left
    })
  })
  expect(
    [...order].sort((a, b) => a - b),
    'the words are in order'
  ).toEqual(order)
})
