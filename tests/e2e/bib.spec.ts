/**
 * A user's .bib file in the app: it is linked, its papers are downloaded, file links are written, and nothing
 * else in it changes.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo } from './screens'

const OWN = [
  '% Encoding: UTF-8',
  '',
  '@string{mn = "Mire Notes"}',
  '@Article{bog2019,',
  '  author  = {Ada Peat and Bj{\\"o}rn Moss},',
  '  title   = {{Bog} growth},',
  '  journal = mn,',
  '  doi     = {10.5555/bog1},',
  '  comment = {mine: keep this},',
  '}',
  '',
  'Some words of my own between the entries.',
  '@article{bog2020, title = "Bog decline", doi = "10.5555/bog2", year = 2020}',
  '@Book{shelf, title = {On my shelf}, doi = {10.5555/shelf}, file = {:/home/me/shelf.pdf:PDF}}',
  '@Comment{jabref-meta: databaseType:bibtex;}',
  ''
].join('\r\n')

test('a linked .bib file gets its file links, is otherwise unchanged, and is not overwritten', async ({
  openWorld
}) => {
  const world = await openWorld(
    ['growth', 'decline', 'trade'].map((word, at) => ({
      key: `bog${String(at + 1)}`,
      title: `Bog ${word}`,
      copies: [{ via: 'unpaywall' as const }]
    }))
  )
  const folder = join(world.libraryDir, '..', 'thesis')
  mkdirSync(folder)
  const file = join(folder, 'refs.bib')
  writeFileSync(file, OWN)
  const now = (): string => readFileSync(file, 'utf8')
  const { app, page } = await world.start()
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, file)
  await goTo(page, 'Library')
  await page.getByRole('button', { name: 'Zotero and .bib files' }).click()
  const part = page.getByRole('region', { name: 'Your .bib files' })
  await part.getByRole('button', { name: 'Link a .bib file…' }).click()
  const row = part.getByRole('listitem')
  await expect(row).toContainText('3 entries')
  // The book entry has a file already and is left alone.
  await expectFigure(page, 'done', 2)
  await expect(row).toContainText('Watched. 2 links written', { timeout: 30_000 })
  await expect(row).toContainText('3 with a file')
  const first = now()
  const links = [...first.matchAll(/file\s+= \{:([^}]*\.pdf):PDF\}/g)].map(([, path]) => path ?? '')
  expect(links).toHaveLength(3)
  // One line and one field were added: without them the file is identical, byte for byte.
  const added = first.replace(/\r\n {2}file {4}= \{[^}]*\},/, '').replace(/, file = \{:\.\.[^}]*\}/, '')
  expect(added).toBe(OWN)
  for (const link of links.slice(0, 2))
    expect(readFileSync(join(folder, link)).subarray(0, 5).toString()).toBe('%PDF-')
  await expectNoViolationInEitherTheme(page, 'linked .bib')

  // An editor changes the file: links are not written, and the user's changes stay.
  writeFileSync(join(folder, '.refs.bib.swp'), 'vim')
  const edited = `${first}@article{bog2021, title = {Bog trade}, doi = {10.5555/bog3}}\r\n`
  writeFileSync(file, edited)
  await expectFigure(page, 'done', 3)
  await expect(row).toContainText('Open in an editor', { timeout: 30_000 })
  expect(now()).toBe(edited)
  writeFileSync(file, `${edited}% the last words\r\n`)
  rmSync(join(folder, '.refs.bib.swp'))
  await expect(row).toContainText('Watched. 3 links written', { timeout: 30_000 })
  expect(now()).toContain('% the last words')
  expect(now().startsWith(first)).toBe(true)

  await part.getByRole('button', { name: /^Unlink/ }).click()
  await expect(row).toHaveCount(0)
})
