/** Downloaded papers: found by metadata and full text, filtered, read, and reopened at the last position. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { expect, test, type AppWorld } from '../kit/app'
import { repositoryRoot } from '../kit/shared'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo, plan } from './screens'

const WORKS = [
  { key: 'moss', title: 'Moss on northern bridges', year: 2011, copies: [{ via: 'unpaywall' as const }] },
  { key: 'looms', title: 'The order of looms', year: 2019, copies: [{ via: 'landing_scrape' as const }] },
  { key: 'comets', title: 'Comets over dry basins', year: 2019, copies: [{ via: 'unpaywall' as const }] }
]

const papers = (page: Page): Locator => page.getByRole('grid', { name: 'Papers' })
const paper = (page: Page, title: string): Locator => papers(page).getByRole('row').filter({ hasText: title })

async function filled(world: AppWorld, page: Page): Promise<void> {
  await plan(
    page,
    WORKS.map(({ key }) => `10.5555/${key}`)
  )
  await expectFigure(page, 'done', WORKS.length)
  await goTo(page, 'Library')
  await page.getByText('Table', { exact: true }).click()
  for (const { title } of WORKS) await expect(paper(page, title)).toBeVisible()
  expect(await world.papers()).toHaveLength(WORKS.length)
}

/** Overwrites the file of a paper, like a failing disk. */
function overwriteFile(world: AppWorld, bytes: Buffer, which: Buffer): void {
  const objects = join(world.libraryDir, 'objects')
  for (const shard of readdirSync(objects)) {
    for (const name of readdirSync(join(objects, shard))) {
      const path = join(objects, shard, name)
      if (readFileSync(path).equals(which)) writeFileSync(path, bytes)
    }
  }
}

test('the library can be searched, filtered and sorted', async ({ openWorld }) => {
  const world = await openWorld(WORKS)
  const { page } = await world.start()
  await filled(world, page)
  const search = page.getByRole('searchbox', { name: 'Search the library' })

  await search.fill('looms')
  await expect(paper(page, 'The order of looms')).toBeVisible()
  await expect(paper(page, 'Moss on northern bridges')).toBeHidden()
  await search.fill('no such word anywhere')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await expect(paper(page, 'Moss on northern bridges')).toBeVisible()
  // Words that occur in the text of the papers, not in their metadata.
  await search.fill('Fixture Press')
  await expect(papers(page).getByText('page 1').first()).toBeVisible()
  await search.fill('')

  const year = page.getByRole('group', { name: 'Year' })
  await year.getByRole('checkbox').first().check()
  await expect(papers(page)).toHaveAttribute('aria-rowcount', /^[23]$/)
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  const source = page.getByRole('group', { name: 'Source' })
  await source.getByRole('checkbox', { name: /Landing page/ }).check()
  await expect(papers(page)).toHaveAttribute('aria-rowcount', '2')
  await expect(paper(page, 'The order of looms')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).first().click()

  await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'Title' })
  await expect(papers(page).getByRole('columnheader', { name: 'Title' })).toHaveAttribute(
    'aria-sort',
    /ascending|descending/
  )
})

test('a paper can be read and searched, and reopens at the last position', async ({ openWorld }) => {
  const world = await openWorld(WORKS)
  const first = await world.start()
  await filled(world, first.page)
  await paper(first.page, 'Moss on northern bridges').dblclick()
  const reader = first.page.getByRole('region', { name: 'Reader' })
  await expect(reader.getByText(/^of \d+$/)).toBeVisible()
  await expect(reader.locator('.textLayer').first()).toContainText('Moss on northern bridges')

  await reader.getByRole('button', { name: 'Find', exact: true }).click()
  const find = reader.getByRole('textbox', { name: 'Find in document' })
  await find.fill('moss')
  await expect(reader.getByRole('search').getByRole('status')).toHaveText(/^\d+ of \d+$/)
  await find.fill('a word that is not there')
  await expect(reader.getByRole('search').getByRole('status')).toHaveText('Not found')
  await reader.getByRole('button', { name: 'Close the search' }).click()

  await reader.getByRole('button', { name: 'Next page' }).click()
  await expect(reader.getByRole('textbox', { name: 'Page' })).toHaveValue('2')
  await reader.getByRole('button', { name: 'Back to the library' }).click()
  await expect(reader).toBeHidden()
  await first.close()

  const { page } = await world.start()
  await goTo(page, 'Library')
  await paper(page, 'Moss on northern bridges').dblclick()
  await expect(
    page.getByRole('region', { name: 'Reader' }).getByRole('textbox', { name: 'Page' })
  ).toHaveValue('2')
})

test('a damaged file and a locked file show a message with the next step', async ({ openWorld }) => {
  const world = await openWorld(WORKS)
  const { page } = await world.start()
  await filled(world, page)
  overwriteFile(world, Buffer.from('no longer a PDF at all, '.repeat(200)), world.world.pdf('moss'))
  const locked = readFileSync(join(repositoryRoot, 'tests/fixtures/web/password-needed.pdf'))
  overwriteFile(world, locked, world.world.pdf('looms'))

  await paper(page, 'Moss on northern bridges').dblclick()
  const reader = page.getByRole('region', { name: 'Reader' })
  await expect(reader.getByRole('alert')).toContainText('This file is damaged')
  await expect(reader.getByRole('button', { name: 'Verify' })).toBeVisible()
  await expectNoViolationInEitherTheme(page, 'a damaged file')
  await reader.getByRole('button', { name: 'Back to the library' }).click()

  await paper(page, 'The order of looms').dblclick()
  await expect(reader.getByRole('heading', { name: 'This file asks for a password' })).toBeVisible()
  await reader.getByLabel('Password').fill('not the one')
  await reader.getByRole('button', { name: 'Unlock' }).click()
  await expect(reader.getByText('That is not the password.')).toBeVisible()
  await expectNoViolationInEitherTheme(page, 'a locked file')
})
