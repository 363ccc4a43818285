/**
 * Importing the user's PDFs: dropped as a folder or chosen, recognised, confirmed where the match is unsure.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePdf } from '../kit/make-pdf'
import { expect, test } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { dropPaths } from './drop-file'
import { goTo } from './screens'

test('PDFs in a dropped folder are recognised; unsure matches are confirmed or identified by the user', async ({
  openWorld
}) => {
  const world = await openWorld([
    {
      key: 'sand.1',
      title: 'Observations of the drifting sand at northern shores',
      authors: ['Mirror, Ada'],
      year: 2019
    },
    {
      key: 'sand.2',
      title: 'A second look at the drifting sand of the south',
      authors: ['Lantern, Boris'],
      year: 2020
    }
  ])
  const { page } = await world.start()
  const mine = join(world.dataDir, '..', 'mine')
  mkdirSync(join(mine, 'deep'), { recursive: true })
  const put = (name: string, text: Parameters<typeof makePdf>[0]): void => {
    writeFileSync(join(mine, name), makePdf(text))
  }
  put('deep/one.pdf', {
    title: 'Observations of the drifting sand at northern shores',
    authors: ['Ada Mirror'],
    year: 2019,
    doi: '10.5555/sand.1'
  })
  // The file name contains an identifier that the pages do not confirm.
  put('10.5555_sand.2.pdf', {
    title: 'Notes from a field trip',
    authors: ['Someone Else'],
    year: 2001,
    metadata: false
  })
  put('notes.pdf', {
    title: 'Scribbles about nothing in particular',
    authors: ['No One'],
    year: 2003,
    metadata: false
  })
  writeFileSync(join(mine, 'broken.pdf'), '%PDF-1.4 and nothing more')
  const before = readdirSync(mine, { recursive: true }).sort()

  await dropPaths(page, [mine])
  await expect(page.getByRole('heading', { name: 'PDFs you have' })).toBeVisible()
  const show = page.getByRole('group', { name: 'Show' })
  await expect(show.getByRole('button', { name: 'Filed 1' })).toBeVisible({ timeout: 30_000 })
  await expect(show.getByRole('button', { name: 'Not taken 1' })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: '1 PDF filed, 2 to confirm.' })).toBeVisible()
  const table = page.getByRole('table', { name: 'PDFs you have' })
  await expectNoViolationInEitherTheme(page, 'imports')
  const named = table.getByRole('row').filter({ hasText: '10.5555_sand.2.pdf' })
  await named.getByRole('button', { name: /^Yes, file it/ }).click()
  await expect(show.getByRole('button', { name: 'Filed 2' })).toBeVisible({ timeout: 15_000 })
  const notes = table.getByRole('row').filter({ hasText: 'notes.pdf' })
  await expect(notes).toContainText('It is not known which paper this is.')
  await notes.getByRole('button', { name: /^Another paper/ }).click()
  const field = notes.getByRole('textbox', { name: /DOI, arXiv id or PMID/ })
  await field.fill('no identifier at all')
  await field.press('Enter')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await field.fill('10.5555/sand.9')
  await field.press('Enter')
  await expect(show.getByRole('button', { name: 'Filed 3' })).toBeVisible({ timeout: 15_000 })
  expect(await world.papers()).toHaveLength(3)
  expect(readdirSync(mine, { recursive: true }).sort()).toEqual(before)
  expect(readdirSync(join(world.dataDir, 'imports'))).toEqual([])

  // A second import files nothing twice.
  await dropPaths(page, [mine])
  await expect(show.getByRole('button', { name: 'In your library already 3' })).toBeVisible({
    timeout: 30_000
  })
  expect(await world.papers()).toHaveLength(3)
  await goTo(page, 'Library')
  await expect(page.getByRole('grid', { name: 'Papers' }).getByRole('row')).toHaveCount(4)
})
