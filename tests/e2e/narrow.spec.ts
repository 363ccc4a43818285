/**
 * The smallest windows: what is said and shown there is as readable as in a large one. Boxes are
 * measured, since a word that is laid out one letter a line is still "visible".
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
  if (box === null) throw new Error('It has no box.')
  return box
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** Something that cannot be added here is let go over the window; resolves with what is said to that. */
async function dropStranger(page: Page): Promise<Locator> {
  await dropFile(page.locator('body'), 'paper.docx', 'application/octet-stream', Buffer.from('PK'))
  const said = page.getByText('Sheaf cannot read this kind of file.')
  await expect(said).toHaveCount(1)
  return said
}

/** None of them lies over another. */
async function expectApart(what: Locator): Promise<void> {
  const boxes = await Promise.all((await what.all()).map(boxOf))
  for (const [nth, box] of boxes.entries())
    for (const other of boxes.slice(nth + 1)) expect(overlap(box, other)).toBe(false)
}

async function dismiss(said: Locator): Promise<void> {
  await said.locator('..').getByRole('button', { name: 'Dismiss' }).click()
  await expect(said).toHaveCount(0)
}

/** Nothing lies over it, and it has the room that a few words a line take. */
async function expectReadable(said: Locator): Promise<void> {
  const box = await boxOf(said)
  expect(box.width).toBeGreaterThan(110)
  expect(box.height).toBeLessThan(50)
  const onTop = await said.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2))
  })
  expect(onTop).toBe(true)
}

test('in small windows everything has room to be read', async ({ openWorld }) => {
  const world = await openWorld([
    { key: 'shelved', title: 'A paper on the shelf', copies: [{ via: 'unpaywall' }] }
  ])
  const { page } = await world.start()
  await plan(page, ['10.5555/shelved'])
  await expectFigure(page, 'done', 1)
  for (const size of SIZES) {
    await test.step(`what is said in passing, at ${String(size.width)} px`, async () => {
      await page.setViewportSize(size)
      const said = await dropStranger(page)
      await expectReadable(said)
      expect(overlap(await boxOf(said), await boxOf(page.getByRole('main')))).toBe(false)
      await dismiss(said)
    })
    await test.step(`what is said while a dialog is open, at ${String(size.width)} px`, async () => {
      await page.getByRole('button', { name: 'Add papers' }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Add papers' })
      const inside = await dropStranger(page)
      await expectReadable(inside)
      await dismiss(inside)
      // What is still being said when the dialog goes is said on outside of it.
      const said = await dropStranger(page)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(dialog).toBeHidden()
      await expectReadable(said)
      await dismiss(said)
    })
    await test.step(`the preview of what is added, at ${String(size.width)} px`, async () => {
      const dialog = await paste(page, PASTED)
      const grid = dialog.getByRole('grid', { name: 'Preview' })
      const known = grid.getByRole('row').filter({ hasText: 'Glaciers measured twice' })
      const isbn = grid.getByRole('row').filter({ hasText: 'ISBN 978-3-16-148410-0' })
      await expect(known).toContainText('10.5555/glaciers')
      await expect(isbn).toContainText('line 2')
      const inside = await boxOf(grid)
      expect(overlap(await boxOf(known), inside), 'the rows are in sight').toBe(true)
      expect((await boxOf(known.getByText('Glaciers measured twice'))).width).toBeGreaterThan(200)
      expect((await boxOf(isbn.getByText('is an ISBN'))).width).toBeGreaterThan(200)
      await expectApart(grid.getByRole('columnheader'))
      await expectApart(known.getByRole('gridcell'))
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Close without adding' }).click()
    })
    await test.step(`the tools of the reader, at ${String(size.width)} px`, async () => {
      await goTo(page, 'Library')
      await page.getByRole('grid', { name: 'Papers' }).getByText('A paper on the shelf').dblclick()
      const reader = page.getByRole('region', { name: 'Reader' })
      await expect(reader.getByText(/^of \d+$/)).toBeVisible()
      const tools = reader.getByRole('group', { name: 'Reader tools' })
      await expectApart(tools.locator('button, select, input, h1'))
      await page.getByRole('button', { name: 'Back to the library' }).click()
      await goTo(page, 'Queue')
    })
  }
})

test('what is written from right to left reads so, and takes nothing beside it along', async ({
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
  expect(beginning, 'its beginning is in sight, at the right').toBe(true)

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
    'one after the other'
  ).toEqual(order)
})
