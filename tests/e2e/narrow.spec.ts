/**
 * The smallest windows: what is said and shown there is as readable as in a large one. Boxes are
 * measured, since a word that is laid out one letter a line is still "visible".
 */
import type { Locator, Page } from 'playwright'
import { expect, test } from '../kit/app'
import { dropFile } from './drop-file'

const SIZES = [
  { width: 720, height: 520 },
  { width: 800, height: 600 },
  { width: 1024, height: 640 }
]

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
async function dropPdf(page: Page): Promise<Locator> {
  await dropFile(page.locator('body'), 'paper.pdf', 'application/pdf', Buffer.from('%PDF-1.4'))
  const said = page.getByText('A PDF belongs to a paper.')
  await expect(said).toHaveCount(1)
  return said
}

async function dismissAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByText('A PDF belongs to a paper.')).toHaveCount(0)
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
  const world = await openWorld([])
  const { page } = await world.start()
  for (const size of SIZES) {
    await test.step(`what is said in passing, at ${String(size.width)} px`, async () => {
      await page.setViewportSize(size)
      const said = await dropPdf(page)
      await expectReadable(said)
      expect(overlap(await boxOf(said), await boxOf(page.getByRole('main')))).toBe(false)
      await dismissAll(page)
    })
    await test.step(`what is said while a dialog is open, at ${String(size.width)} px`, async () => {
      await page.getByRole('button', { name: 'Add papers' }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Add papers' })
      await expectReadable(await dropPdf(page))
      await dismissAll(page)
      // What is still being said when the dialog goes is said on outside of it.
      const said = await dropPdf(page)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(dialog).toBeHidden()
      await expectReadable(said)
      await dismissAll(page)
    })
  }
})
